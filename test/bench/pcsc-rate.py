"""SCardTransmit of one APDU in a tight loop, on libpcsclite itself. Arguments: count, runs, APDU in hexadecimal.

Prints the seconds of each run, one a line. Exits with the library's return value in words when a call fails.
"""

import ctypes
import sys
import time

LIBRARY = ctypes.CDLL("libpcsclite.so.1")
LIBRARY.pcsc_stringify_error.restype = ctypes.c_char_p
HANDLE = ctypes.c_long
DWORD = ctypes.c_ulong
SHARED = 2
T1 = 2
LEAVE = 0
WARM_UP = 200


class Protocol(ctypes.Structure):
    _fields_ = [("protocol", DWORD), ("length", DWORD)]


def must(result):
    if result != 0:
        sys.exit(LIBRARY.pcsc_stringify_error(HANDLE(result)).decode())


def connect():
    context = HANDLE()
    must(LIBRARY.SCardEstablishContext(DWORD(0), None, None, ctypes.byref(context)))
    names = ctypes.create_string_buffer(1024)
    size = DWORD(len(names))
    must(LIBRARY.SCardListReaders(context, None, names, ctypes.byref(size)))
    card, protocol = HANDLE(), DWORD()
    places = ctypes.byref(card), ctypes.byref(protocol)
    must(LIBRARY.SCardConnect(context, names.value, DWORD(SHARED), DWORD(T1), *places))
    return card


def transmitter(card, apdu):
    """A function that sends `apdu` once, with every argument made before."""
    pci = Protocol(T1, ctypes.sizeof(Protocol))
    answer = ctypes.create_string_buffer(258)
    size = DWORD()
    sent = DWORD(len(apdu))
    arguments = (card, ctypes.byref(pci), apdu, sent, None, answer, ctypes.byref(size))
    transmit = LIBRARY.SCardTransmit

    def once():
        size.value = 258
        must(transmit(*arguments))
        if answer.raw[size.value - 2 : size.value] != b"\x90\x00":
            sys.exit("the card did not answer 9000")

    return once


def main():
    count, runs, apdu = int(sys.argv[1]), int(sys.argv[2]), bytes.fromhex(sys.argv[3])
    card = connect()
    once = transmitter(card, apdu)
    for _ in range(WARM_UP):
        once()
    for _ in range(runs):
        begin = time.perf_counter()
        for _ in range(count):
            once()
        print(time.perf_counter() - begin, flush=True)
    must(LIBRARY.SCardDisconnect(card, DWORD(LEAVE)))


main()
