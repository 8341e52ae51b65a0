package org.einscale.sharding.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.einscale.sharding.wire.Frame.Kind;
import org.einscale.tensor.memory.TensorArena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one process sends another gets, in its order; whoever does not belong there is dropped without harm. */
@SuppressWarnings("NullAway.Init") // fields are set before each test
class EndpointTest {
    private static final long LIMIT_SECONDS = 30;
    private static final int MOST = 1 << 20;
    /** Number of a mesh that is no more. */
    private static final long GONE = 2;

    private final Heard heard = new Heard();
    private Endpoint here;
    private Endpoint there;

    /** Keeps what comes, by its first byte and length. */
    @SuppressWarnings("NullAway.Init") // set as soon as there is one
    private static final class Heard implements Receiver {
        private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
        private final List<TensorArena> kept = new CopyOnWriteArrayList<>();
        private volatile boolean keeps;
        private Endpoint endpoint;

        @Override
        public Verdict judge(Frame frame) {
            return frame.run() == GONE ? Verdict.LATE : Verdict.of(frame.bytes() <= MOST);
        }

        @Override
        public void received(Address peer, Frame frame, TensorArena body) {
            int last = frame.bytes() == 0 ? 0 : body.segment().get(ValueLayout.JAVA_BYTE, frame.bytes() - 1);
            if (keeps) {
                kept.add(body);
            } else {
                endpoint.giveBack(body);
            }
            frames.add(frame.epoch() + " " + frame.bytes() + " " + last);
        }

        @Override
        public void lost(Address peer) {
            frames.add("lost");
        }

        String next() throws InterruptedException {
            return String.valueOf(frames.poll(LIMIT_SECONDS, TimeUnit.SECONDS));
        }
    }

    @BeforeEach
    void listen() throws IOException {
        here = Endpoint.listen("127.0.0.1", Security.NONE, heard);
        heard.endpoint = here;
        Heard nothing = new Heard();
        there = Endpoint.listen("127.0.0.1", Security.NONE, nothing);
        nothing.endpoint = there;
    }

    @AfterEach
    void close() {
        there.close();
        here.close();
    }

    private void send(long epoch, int bytes) {
        TensorArena body = there.buffer(here.address(), bytes);
        if (bytes > 0) {
            body.segment().set(ValueLayout.JAVA_BYTE, bytes - 1, (byte) epoch);
        }
        there.send(here.address(), new Frame(Kind.EXCHANGED, 1, epoch, 0, 0, 0, 0, bytes), body);
    }

    private SocketChannel connected() throws IOException {
        return SocketChannel.open(new InetSocketAddress(here.address().host(), here.address().port()));
    }

    /** Until the other end has hung up. */
    private static void awaitEnd(SocketChannel channel) {
        ByteBuffer rest = ByteBuffer.allocate(1024);
        try (channel) {
            while (channel.read(rest) >= 0) {
                rest.clear();
            }
        } catch (IOException reset) {
            assertThat(reset).hasMessageMatching("(?i).*(reset|closed|pipe).*");
        }
    }

    @Test
    void framesOfAllSizesComeInOrder() throws Exception {
        List<String> expected = new ArrayList<>();
        int[] sizes = {0, 1, 47, 48, 16 << 10, (16 << 10) + 1, (64 << 10) - 48, 100_000, MOST};
        for (int i = 0; i < sizes.length; i++) {
            send(i + 1, sizes[i]);
            expected.add((i + 1) + " " + sizes[i] + " " + (sizes[i] == 0 ? 0 : i + 1));
        }
        for (String frame : expected) {
            assertThat(heard.next()).isEqualTo(frame);
        }
        assertThat(here.received()).isEqualTo(there.sent());
    }

    /** More large bodies than two processes of a machine share memory for, none of which is given back before all have come. */
    @Test
    void bodiesThatNobodyGivesBackAreKeptApart() throws Exception {
        send(0, 1);
        assertThat(heard.next()).isEqualTo("0 1 0");
        heard.keeps = true;
        int bodies = 20;
        for (int i = 1; i <= bodies; i++) {
            send(i, MOST - i);
        }
        for (int i = 1; i <= bodies; i++) {
            assertThat(heard.next()).isEqualTo(i + " " + (MOST - i) + " " + i);
        }
        there.close();
        assertThat(heard.next()).isEqualTo("lost");
        for (int i = 1; i <= bodies; i++) {
            TensorArena body = heard.kept.get(i - 1);
            assertThat(body.segment().get(ValueLayout.JAVA_BYTE, MOST - i - 1L)).isEqualTo((byte) i);
            here.giveBack(body);
        }
    }

    @Test
    void framesThatAreSentNowComeInOrderToo() throws Exception {
        int[] sizes = {0, 5, MOST, 100_000, 1, MOST, MOST - 1, 0, 16 << 10, 1};
        for (int i = 0; i < 10 * sizes.length; i++) {
            int bytes = sizes[i % sizes.length];
            TensorArena body = there.buffer(here.address(), bytes);
            there.sendNow(here.address(), new Frame(Kind.EXCHANGED, 1, i, 0, 0, 0, 0, bytes), body);
        }
        for (int i = 0; i < 10 * sizes.length; i++) {
            assertThat(heard.next()).startsWith(i + " " + sizes[i % sizes.length] + " ");
        }
    }

    /** As a job does that is not needed any more and tells how it goes. */
    @Test
    void whoIsInterruptedDoesNotHangUp() throws Exception {
        send(1, 1);
        assertThat(heard.next()).isEqualTo("1 1 1");
        Thread.currentThread().interrupt();
        send(2, 2);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(heard.next()).isEqualTo("2 2 2");
    }

    @Test
    void aSlotThatNobodySharesIsRefused() throws Exception {
        SocketChannel channel = connected();
        Hello.say(channel, here.address(), new Hello.Greeting(new Address("127.0.0.1", 1, "x"), ""));
        ByteBuffer frame = ByteBuffer.allocate(Frame.SIZE);
        new Frame(Kind.EXCHANGED, 1, 1, 0, 0, 0, 0, 5).put(frame, 1);
        write(channel, frame.flip());
        awaitEnd(channel);
        assertThat(heard.next()).isEqualTo("lost");
    }

    @Test
    void whoeverIsTooLongIsDropped() throws Exception {
        send(1, 1);
        assertThat(heard.next()).isEqualTo("1 1 1");
        send(2, MOST + 1);
        assertThat(heard.next()).isEqualTo("lost");
    }

    /** However many bytes it says that it has, no memory is taken for them, and what follows it is heard. */
    @Test
    void whatComesTooLateIsForgotten() throws Exception {
        for (int bytes : new int[]{0, 1, 64 << 10, MOST + 1}) {
            there.send(here.address(), new Frame(Kind.EXCHANGED, GONE, 1, 0, 0, 0, 0, bytes), there.buffer(bytes));
            send(bytes, 5);
            assertThat(heard.next()).isEqualTo(bytes + " 5 " + (byte) bytes);
        }
        try (SocketChannel channel = connected()) {
            Hello.say(channel, here.address(), new Hello.Greeting(new Address("127.0.0.1", 1, "x"), ""));
            ByteBuffer head = ByteBuffer.allocate(Frame.SIZE);
            new Frame(Kind.EXCHANGED, GONE, 1, 0, 0, 0, 0, Long.MAX_VALUE).put(head, 0);
            write(channel, head.flip());
            write(channel, ByteBuffer.allocate(MOST));
        }
        assertThat(heard.next()).isEqualTo("lost");
        send(3, 5);
        assertThat(heard.next()).isEqualTo("3 5 3");
    }

    /** Random bytes, greetings that are cut off, with the wrong token, and frames that are none: others are not disturbed. */
    @Test
    void garbageDoesNoHarm() throws Exception {
        Random random = new Random(1);
        send(1, 1);
        assertThat(heard.next()).isEqualTo("1 1 1");
        for (int i = 0; i < 60; i++) {
            SocketChannel channel = connected();
            Hello.Greeting self = new Hello.Greeting(new Address("127.0.0.1", 1, "x"), "");
            switch (i % 4) {
                case 0 -> {
                    byte[] bytes = new byte[1 + random.nextInt(4000)];
                    random.nextBytes(bytes);
                    write(channel, ByteBuffer.wrap(bytes));
                    channel.shutdownOutput();
                }
                case 1 -> Hello.say(channel, new Address("", 0, "guessed"), self);
                case 2 -> {
                    write(channel, ByteBuffer.allocate(12).putLong(0x45494E5343414C45L).putInt(2).flip());
                    channel.shutdownOutput();
                }
                default -> {
                    Hello.say(channel, here.address(), self);
                    byte[] bytes = new byte[Frame.SIZE];
                    random.nextBytes(bytes);
                    bytes[0] = 1;
                    write(channel, ByteBuffer.wrap(bytes));
                }
            }
            awaitEnd(channel);
        }
        send(2, 5);
        List<String> last = new ArrayList<>();
        do {
            last.add(heard.next());
        } while (last.getLast().equals("lost"));
        assertThat(last).last().isEqualTo("2 5 2");
        assertThat(last).filteredOn("lost"::equals).hasSizeLessThanOrEqualTo(15);
    }

    private static void write(SocketChannel channel, ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException dropped) {
            assertThat(dropped).hasMessageMatching("(?i).*(reset|closed|pipe).*");
        }
    }

    @Test
    void aPeerThatHangsUpIsLost() throws Exception {
        send(1, 1);
        assertThat(heard.next()).isEqualTo("1 1 1");
        there.close();
        assertThat(heard.next()).isEqualTo("lost");
    }
}
