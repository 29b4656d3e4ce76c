"""Reads ATRs in hexadecimal, one a line, and prints what pyscard's ATR class makes of each as one JSON object a line."""
import json
import sys

from smartcard.ATR import ATR
from smartcard.Exceptions import SmartcardException


def describe(atr):
    return {
        "ts": atr.TS,
        "protocols": sorted(atr.getSupportedProtocols()),
        "ta": atr.TA,
        "tb": atr.TB,
        "tc": atr.TC,
        "td": atr.TD,
        "interfaceBytes": atr.getInterfaceBytesCount(),
        "historicalBytes": atr.getHistoricalBytesCount(),
        "historicalAnnounced": atr.K,
        "tck": (1 if atr.checksumOK else 0) if atr.hasChecksum else None,
    }


for line in sys.stdin:
    try:
        print(json.dumps(describe(ATR(list(bytes.fromhex(line))))))
    except (SmartcardException, IndexError) as error:
        print(json.dumps({"error": str(error)}))
