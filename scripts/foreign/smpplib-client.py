"""Drives the SMPP server with smpplib (PyPI): binds, texts of every kind, receipts, refusals. Reads PLACE_* and TEXT_*
from the environment; writes one line of JSON a step, and one for each message that was taken."""
import json
import os
import sys
import time

import smpplib.client
import smpplib.consts
import smpplib.exceptions
import smpplib.gsm

HOST, PORT = os.environ["PLACE_HOST"], int(os.environ["PLACE_PORT"])
SYSTEM_ID, PASSWORD = os.environ["PLACE_SYSTEM_ID"], os.environ["PLACE_PASSWORD"]
SENDER = os.environ["PLACE_SENDER"]
NUMBERS = iter(os.environ["PLACE_NUMBERS"].split(","))
TEXTS = {name[5:].lower(): text for name, text in os.environ.items() if name.startswith("TEXT_")}
RECEIPT_SECONDS = 60


def say(step, ok, seen=""):
    print(json.dumps({"step": step, "ok": bool(ok), "seen": str(seen)}), flush=True)


class Client(smpplib.client.Client):
    """Keeps what it is told: answers by sequence number, receipts by message id."""

    def __init__(self):
        super().__init__(HOST, PORT, timeout=5, allow_unknown_opt_params=True)
        self.answers, self.receipts, self.states = {}, {}, []
        self.set_message_sent_handler(lambda pdu: self.answers.update({pdu.sequence: text_of(pdu.message_id)}))
        self.set_message_received_handler(self.receive)
        self.set_query_resp_handler(lambda pdu: self.states.append(pdu.message_state))

    def receive(self, pdu):
        self.receipts[text_of(pdu.receipted_message_id)] = pdu.message_state
        return smpplib.consts.SMPP_ESME_ROK

    def send(self, text, alphabet, long_by="udh"):
        parts, coding, esm_class = smpplib.gsm.make_parts(text, encoding=alphabet, use_udhi=long_by == "udh")
        to, common = next(NUMBERS), {}
        common = dict(source_addr_ton=5, source_addr_npi=0, source_addr=SENDER, dest_addr_ton=1, dest_addr_npi=1,
                      destination_addr=to, registered_delivery=True, data_coding=coding)
        if long_by == "payload":
            encoded = text.encode("utf-16-be") if coding == 8 else smpplib.gsm.gsm_encode(text)
            sent = [self.send_message(message_payload=encoded, esm_class=0, **common)]
        elif long_by == "sar" and len(parts) > 1:
            sent = [self.send_message(short_message=part, esm_class=0, sar_msg_ref_num=7, sar_total_segments=len(parts),
                                      sar_segment_seqnum=number + 1, **common) for number, part in enumerate(parts)]
        else:
            sent = [self.send_message(short_message=part, esm_class=esm_class, **common) for part in parts]
        sequences = [pdu.sequence for pdu in sent]
        self.read_until(lambda: all(s in self.answers for s in sequences), 30)
        return [self.answers.get(s, "") for s in sequences]

    def read_until(self, is_done, seconds):
        end = time.time() + seconds
        while not is_done() and time.time() < end:
            self.read_once()
        return is_done()


def text_of(value):
    return (value or b"").decode().rstrip("\0")


def refused(system_id, password):
    client = Client()
    client.connect()
    try:
        client.bind_transceiver(system_id=system_id, password=password)
        return 0
    except smpplib.exceptions.PDUError as error:
        return error.args[1]
    finally:
        client.state = smpplib.consts.SMPP_CLIENT_STATE_OPEN
        client.disconnect()


def opened(bind):
    client = Client()
    client.connect()
    answer = getattr(client, bind)(system_id=SYSTEM_ID, password=PASSWORD)
    say(bind, answer.status == 0, text_of(answer.system_id))
    return client


def closed(client, what):
    answer = client.unbind()
    while answer.command == "deliver_sm":
        answer = client.read_pdu()
    say(f"unbind {what}", answer.command == "unbind_resp" and answer.status == 0)
    client.disconnect()


def main():
    say("wrong password is ESME_RINVPASWD", refused(SYSTEM_ID, "wrong") == 0x0E)
    say("unknown system id is ESME_RINVSYSID", refused("nobody-knows", PASSWORD) == 0x0F)
    transmitter, receiver = opened("bind_transmitter"), opened("bind_receiver")
    transceiver = opened("bind_transceiver")
    gsm, ucs2 = smpplib.consts.SMPP_ENCODING_DEFAULT, smpplib.consts.SMPP_ENCODING_ISO10646
    kinds = [("gsm", gsm, "udh"), ("unicode", ucs2, "udh"), ("long_gsm", gsm, "udh"), ("long_unicode", ucs2, "udh"),
             ("long_gsm", gsm, "sar"), ("long_unicode", ucs2, "sar"), ("long_unicode", ucs2, "payload"), ("gsm", gsm, "payload")]
    ids = []
    for sender, name in ((transmitter, "transmitter"), (transceiver, "transceiver")):
        for text, alphabet, long_by in kinds:
            answers = sender.send(TEXTS[text], alphabet, long_by)
            ids += answers
            say(f"{name}: {text} by {long_by}", all(answers), f"{len(answers)} parts")
            print(json.dumps({"sent": answers[0].split(".")[0], "text": text}), flush=True)
    transceiver.query_message(message_id=ids[-1], source_addr=SENDER, source_addr_ton=5, source_addr_npi=0)
    say("query_sm", transceiver.read_until(lambda: transceiver.states, 10), transceiver.states)

    def missing():
        return [i for i in ids if i not in receiver.receipts and i not in transceiver.receipts]
    end = time.time() + RECEIPT_SECONDS
    while missing() and time.time() < end:
        for client in (receiver, transceiver):
            client.timeout = 0.2
            client.poll()
        time.sleep(0.05)
    told = {**receiver.receipts, **transceiver.receipts}
    say("a receipt for each part", not missing(), f"{len(ids) - len(missing())} of {len(ids)}")
    say("receipts say DELIVERED", all(told.get(i) == 2 for i in ids))
    say("a transmitter gets none", not transmitter.receipts)
    for client, name in ((transmitter, "transmitter"), (receiver, "receiver"), (transceiver, "transceiver")):
        closed(client, name)


main()
sys.exit(0)
