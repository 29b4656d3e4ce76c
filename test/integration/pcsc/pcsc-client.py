"""A PC/SC client for the tests, on pyscard: one JSON object a line in, one out. No judgement here, only the calls."""

import json
import sys

from smartcard import scard

PROTOCOLS = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
GET_FEATURE_REQUEST = scard.SCARD_CTL_CODE(3400)


class Client:
    def __init__(self):
        self.context = self.must(scard.SCardEstablishContext(scard.SCARD_SCOPE_USER))
        self.reader = ""
        self.card = None
        self.protocol = 0

    @staticmethod
    def must(result):
        code, *values = result if isinstance(result, (list, tuple)) else (result,)
        if code != scard.SCARD_S_SUCCESS:
            raise RuntimeError(scard.SCardGetErrorMessage(code))
        return values[0] if len(values) == 1 else values

    def readers(self, _question):
        return {"readers": self.must(scard.SCardListReaders(self.context, []))}

    def wait_card(self, question):
        """Until a card is there, or not there."""
        wanted = scard.SCARD_STATE_PRESENT if question["present"] else scard.SCARD_STATE_EMPTY
        state = scard.SCARD_STATE_UNAWARE
        for _ in range(20):
            result = scard.SCardGetStatusChange(self.context, 10000, [(self.reader, state)])
            _, state, atr = self.must(result)[0]
            if state & wanted and not (state & scard.SCARD_STATE_MUTE and question.get("atr")):
                return {"state": state, "atr": bytes(atr).hex()}
        raise RuntimeError("the card's state did not change")

    def connect(self, _question):
        mode = scard.SCARD_SHARE_SHARED
        self.card, self.protocol = self.must(scard.SCardConnect(self.context, self.reader, mode, PROTOCOLS))
        _, _, protocol, atr = self.must(scard.SCardStatus(self.card))
        return {"protocol": protocol, "atr": bytes(atr).hex()}

    def disconnect(self, _question):
        self.must(scard.SCardDisconnect(self.card, scard.SCARD_UNPOWER_CARD))
        self.card = None
        return {}

    def transmit(self, question):
        pci = scard.SCARD_PCI_T1 if self.protocol == scard.SCARD_PROTOCOL_T1 else scard.SCARD_PCI_T0
        command = list(bytes.fromhex(question["apdu"]))
        return {"data": bytes(self.must(scard.SCardTransmit(self.card, pci, command))).hex()}

    def features(self, _question):
        """PC/SC part 10: tag, length 4, control code."""
        raw = bytes(self.must(scard.SCardControl(self.card, GET_FEATURE_REQUEST, [])))
        entries = [raw[at : at + 6] for at in range(0, len(raw), 6)]
        return {"features": {entry[0]: int.from_bytes(entry[2:6], "big") for entry in entries}}

    def control(self, question):
        data = list(bytes.fromhex(question["data"]))
        return {"data": bytes(self.must(scard.SCardControl(self.card, question["code"], data))).hex()}


def main():
    client = Client()
    client.reader = client.readers({})["readers"][0]
    calls = {
        "readers": client.readers,
        "waitCard": client.wait_card,
        "connect": client.connect,
        "disconnect": client.disconnect,
        "transmit": client.transmit,
        "features": client.features,
        "control": client.control,
    }
    for line in sys.stdin:
        question = json.loads(line)
        try:
            answer = {"ok": True, **calls[question["do"]](question)}
        except (RuntimeError, KeyError) as error:
            answer = {"ok": False, "error": str(error)}
        print(json.dumps(answer), flush=True)


main()
