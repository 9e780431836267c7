/*
 * Drives the SMPP server with jSMPP (Maven Central), and the HTTP API with Java's own client. Reads PLACE_* and TEXT_*
 * from the environment; writes one line of JSON a step, and one for each message that was taken.
 */
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jsmpp.bean.*;
import org.jsmpp.extra.NegativeResponseException;
import org.jsmpp.extra.ProcessRequestException;
import org.jsmpp.extra.SessionState;
import org.jsmpp.session.*;
import org.jsmpp.util.DeliveryReceiptState;
import org.jsmpp.util.InvalidDeliveryReceiptException;

public class JsmppClient {
  static final Map<String, String> env = System.getenv();
  static final String host = env.get("PLACE_HOST");
  static final int port = Integer.parseInt(env.get("PLACE_PORT"));
  static final String sender = env.get("PLACE_SENDER");
  static final Iterator<String> numbers = List.of(env.get("PLACE_NUMBERS").split(",")).iterator();
  static final Map<String, DeliveryReceipt> receipts = new ConcurrentHashMap<>();
  static final List<String> ids = new ArrayList<>();
  static final DataCoding gsm = new GeneralDataCoding(Alphabet.ALPHA_DEFAULT);
  static final DataCoding ucs2 = new GeneralDataCoding(Alphabet.ALPHA_UCS2);

  public static void main(String[] words) throws Exception {
    int wrongPassword = refusal(env.get("PLACE_SYSTEM_ID"), "wrong");
    say("wrong password is ESME_RINVPASWD", wrongPassword == 0x0E, wrongPassword);
    int unknownName = refusal("nobody-knows", env.get("PLACE_PASSWORD"));
    say("unknown system id is ESME_RINVSYSID", unknownName == 0x0F, unknownName);
    SMPPSession transmitter = open(BindType.BIND_TX, InterfaceVersion.IF_34);
    SMPPSession receiver = open(BindType.BIND_RX, InterfaceVersion.IF_34);
    SMPPSession transceiver = open(BindType.BIND_TRX, InterfaceVersion.IF_50);
    for (SMPPSession session : List.of(transmitter, transceiver)) {
      String by = session == transmitter ? "transmitter" : "transceiver 5.0";
      whole(session, by, "gsm", gsm);
      whole(session, by, "unicode", ucs2);
      payload(session, by, "long_unicode", ucs2);
      payload(session, by, "long_gsm", gsm);
      parts(session, by, "long_unicode", 134, ucs2);
      parts(session, by, "long_gsm", 153, gsm);
    }
    state(transceiver);
    refusedTexts(transceiver);
    overHttp();
    long end = System.currentTimeMillis() + 60_000;
    while (!receipts.keySet().containsAll(ids) && System.currentTimeMillis() < end) Thread.sleep(50);
    long told = ids.stream().filter(receipts::containsKey).count();
    say("a receipt for each part", told == ids.size(), told + " of " + ids.size());
    boolean areDelivered = ids.stream().allMatch(id -> receipts.containsKey(id)
        && receipts.get(id).getFinalStatus() == DeliveryReceiptState.DELIVRD);
    say("receipts say DELIVRD, with dates", areDelivered, "");
    for (SMPPSession session : List.of(transmitter, receiver, transceiver)) session.unbindAndClose();
    say("unbind of all", transmitter.getSessionState() == SessionState.CLOSED, "");
    System.exit(0);
  }

  static SMPPSession open(BindType type, InterfaceVersion version) throws Exception {
    SMPPSession session = new SMPPSession();
    session.setTransactionTimer(10_000);
    session.setMessageReceiverListener(new MessageReceiverListener() {
      public void onAcceptDeliverSm(DeliverSm pdu) throws ProcessRequestException {
        try {
          DeliveryReceipt receipt = pdu.getShortMessageAsDeliveryReceipt();
          receipts.put(receipt.getId(), receipt);
        } catch (InvalidDeliveryReceiptException error) {
          say("a receipt that can be read", false, new String(pdu.getShortMessage(), StandardCharsets.ISO_8859_1));
        }
      }
      public void onAcceptAlertNotification(AlertNotification pdu) {}
      public DataSmResult onAcceptDataSm(DataSm pdu, Session source) { return null; }
    });
    String name = session.connectAndBind(host, port, new BindParameter(type, env.get("PLACE_SYSTEM_ID"),
        env.get("PLACE_PASSWORD"), "", TypeOfNumber.UNKNOWN, NumberingPlanIndicator.UNKNOWN, "", version));
    say("bind " + type + " " + version, session.getSessionState().isBound(), name);
    return session;
  }

  static int refusal(String systemId, String password) throws Exception {
    SMPPSession session = new SMPPSession();
    try {
      session.connectAndBind(host, port, new BindParameter(BindType.BIND_TRX, systemId, password, "",
          TypeOfNumber.UNKNOWN, NumberingPlanIndicator.UNKNOWN, ""));
      return 0;
    } catch (java.io.IOException error) {
      if (error.getCause() instanceof NegativeResponseException refused) return refused.getCommandStatus();
      throw error;
    } finally {
      session.close();
    }
  }

  static String submit(SMPPSession session, String to, byte esmClass, DataCoding coding, byte[] octets,
      OptionalParameter... tlvs) throws Exception {
    SubmitSmResult result = session.submitShortMessage("", TypeOfNumber.ALPHANUMERIC, NumberingPlanIndicator.UNKNOWN,
        sender, TypeOfNumber.INTERNATIONAL, NumberingPlanIndicator.ISDN, to, new ESMClass(esmClass), (byte) 0, (byte) 0,
        null, null, new RegisteredDelivery(SMSCDeliveryReceipt.SUCCESS_FAILURE), (byte) 0, coding, (byte) 0, octets, tlvs);
    ids.add(result.getMessageId());
    return result.getMessageId();
  }

  static void whole(SMPPSession session, String by, String name, DataCoding coding) throws Exception {
    took(by + ": " + name, name, submit(session, numbers.next(), (byte) 0, coding, octets(name, coding)));
  }

  static void payload(SMPPSession session, String by, String name, DataCoding coding) throws Exception {
    OptionalParameter payload = new OptionalParameter.Message_payload(octets(name, coding));
    took(by + ": " + name + " in message_payload", name,
        submit(session, numbers.next(), (byte) 0, coding, new byte[0], payload));
  }

  /** Under user data headers with a reference of 16 bits, the last part first, with no wait for an answer in between. */
  static void parts(SMPPSession session, String by, String name, int size, DataCoding coding) throws Exception {
    byte[] octets = octets(name, coding);
    int count = (octets.length + size - 1) / size;
    String to = numbers.next();
    String[] answers = new String[count];
    List<Thread> threads = new ArrayList<>();
    for (int number = count; number >= 1; number--) {
      byte[] text = Arrays.copyOfRange(octets, (number - 1) * size, Math.min(number * size, octets.length));
      byte[] part = new byte[7 + text.length];
      System.arraycopy(new byte[] {6, 8, 4, 0x12, 0x34, (byte) count, (byte) number}, 0, part, 0, 7);
      System.arraycopy(text, 0, part, 7, text.length);
      int at = number - 1;
      Thread thread = new Thread(() -> {
        try {
          answers[at] = submitPart(session, to, coding, part);
        } catch (Exception error) {
          say(by + ": part " + (at + 1), false, error.toString());
        }
      });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) thread.join();
    took(by + ": " + name + " in " + count + " parts at once", name, answers[0]);
  }

  static String submitPart(SMPPSession session, String to, DataCoding coding, byte[] part) throws Exception {
    SubmitSmResult result = session.submitShortMessage("", TypeOfNumber.ALPHANUMERIC, NumberingPlanIndicator.UNKNOWN,
        sender, TypeOfNumber.INTERNATIONAL, NumberingPlanIndicator.ISDN, to, new ESMClass((byte) 0x40), (byte) 0, (byte) 0,
        null, null, new RegisteredDelivery(SMSCDeliveryReceipt.SUCCESS_FAILURE), (byte) 0, coding, (byte) 0, part);
    synchronized (ids) {
      ids.add(result.getMessageId());
    }
    return result.getMessageId();
  }

  static void state(SMPPSession session) throws Exception {
    QuerySmResult result = session.queryShortMessage(ids.get(0), TypeOfNumber.ALPHANUMERIC,
        NumberingPlanIndicator.UNKNOWN, sender);
    say("query_sm", result.getMessageState() != null, result.getMessageState());
  }

  static void refusedTexts(SMPPSession session) throws Exception {
    try {
      submit(session, "12", (byte) 0, gsm, "x".getBytes(StandardCharsets.US_ASCII));
      say("a wrong number is ESME_RINVDSTADR", false, "taken");
    } catch (NegativeResponseException error) {
      say("a wrong number is ESME_RINVDSTADR", error.getCommandStatus() == 0x0B, error.getMessage());
    }
  }

  static void overHttp() throws Exception {
    String body = "{\"to\":\"" + numbers.next() + "\",\"sender\":\"" + sender + "\",\"text\":\"" + env.get("TEXT_UNICODE") + "\"}";
    HttpRequest request = HttpRequest.newBuilder(URI.create(env.get("PLACE_API") + "/api/v1/messages"))
        .header("Authorization", "Bearer " + env.get("PLACE_KEY")).header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body)).build();
    HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    boolean isTaken = answer.statusCode() == 202 && answer.body().contains("\"status\":\"queued\"");
    say("HTTP API by java.net.http", isTaken, answer.statusCode());
  }

  static byte[] octets(String name, DataCoding coding) {
    String text = env.get("TEXT_" + name.toUpperCase());
    // The GSM texts are of characters that have the same octets in ASCII.
    return text.getBytes(coding == ucs2 ? StandardCharsets.UTF_16BE : StandardCharsets.US_ASCII);
  }

  static void took(String step, String text, String id) {
    say(step, id != null, "");
    if (id != null) print("{\"sent\":\"" + id.split("\\.")[0] + "\",\"text\":\"" + text + "\"}");
  }

  static void say(String step, boolean ok, Object seen) {
    String plain = String.valueOf(seen).replace("\\", "/").replace("\"", "'").replace("\n", " ");
    print("{\"step\":\"" + step + "\",\"ok\":" + ok + ",\"seen\":\"" + plain + "\"}");
  }

  static synchronized void print(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
