package org.einscale.tensor.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * NumPy's .npy files, as specified in NEP 1: floating-point numbers up to float64, whole numbers and booleans of any shape,
 * versions 1 to 3, C and Fortran order, either order of bytes. Each number becomes the same in an array: float16 and float32 in
 * one of type FLOAT, float64 in DOUBLE, booleans and whole numbers up to int32 in INT, longer ones in LONG. Written are these
 * four.
 */
public final class Npy {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int ALIGNMENT = 64;
    private static final int LONGEST_HEADER = 1 << 16;
    private static final Pattern TYPE = Pattern.compile("'descr'\\s*:\\s*('[^']*'|\\[[^]]*])");
    private static final Pattern CODE = Pattern.compile("'([<>=|]?)(\\w+)'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([\\dL\\s,]*)\\)");

    private Npy() {
    }

    /**
     * Writes an array in C order, replacing the file atomically.
     *
     * @throws IllegalArgumentException if its type is not one of the four
     * @throws ArrayFileException if the file cannot be written
     */
    public static void write(Path file, INDArray array) {
        String header = "{'descr': '" + code(array.dataType()) + "', 'fortran_order': False, 'shape': "
                + shapeText(array.shape()) + ", }";
        int unpadded = MAGIC.length + 4 + header.length() + 1;
        int padding = Math.floorMod(-unpadded, ALIGNMENT);
        byte[] text = (header + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer head = ByteBuffer.allocate(unpadded + padding).order(ByteOrder.LITTLE_ENDIAN).put(MAGIC)
                .put((byte) 1)
                .put((byte) 0).putShort((short) text.length).put(text);
        head.flip();
        try {
            Replacement.write(file, channel -> {
                Replacement.writeFully(channel, head.duplicate());
                Numbers.write(channel, head.capacity(), ArrayType.of(array), new int[array.rank()], array);
            });
        } catch (IOException e) {
            throw ArrayFileException.unwritable(file, e);
        }
    }

    /**
     * Reads an array, in row-major order whatever the order in the file.
     *
     * @throws ArrayFileException if the file is missing, is no .npy file, holds another type or a number beyond int64, or is
     *     too short
     */
    public static INDArray read(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer start = bytes(file, channel, 0, 12);
            byte[] magic = new byte[MAGIC.length];
            start.get(magic);
            int version = start.get();
            if (!Arrays.equals(magic, MAGIC) || version < 1 || version > 3) {
                throw new ArrayFileException(file, "is not a .npy file of version 1 to 3");
            }
            int length = version == 1 ? Short.toUnsignedInt(start.getShort(8)) : start.getInt(8);
            if (length < 0 || length > LONGEST_HEADER) {
                throw new ArrayFileException(file, "claims a header of " + Integer.toUnsignedString(length) + " bytes");
            }
            int first = version == 1 ? 10 : 12;
            String header = StandardCharsets.UTF_8.decode(bytes(file, channel, first, length)).toString();
            return body(file, channel, header, first + length);
        } catch (IOException e) {
            throw ArrayFileException.unreadable(file, e);
        }
    }

    private static INDArray body(Path file, FileChannel channel, String header, long position) throws IOException {
        String descr = field(file, header, TYPE, "descr");
        Matcher code = CODE.matcher(descr);
        NumberType type = Optional.of(code).filter(Matcher::matches).flatMap(m -> NumberType.ofNumpy(m.group(2)))
                .orElseThrow(() -> new ArrayFileException(file, "holds " + descr + ": read are "
                        + NumberType.numpyCodes() + " of either byte order"));
        ByteOrder bytes = code.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        char order = field(file, header, ORDER, "fortran_order").equals("True") ? 'f' : 'c';
        long[] shape = shape(file, field(file, header, SHAPE, "shape"));
        long there = channel.size() - position;
        if (there != Extent.bytes(file, shape, type)) {
            throw new ArrayFileException(file,
                    "shape " + Arrays.toString(shape) + " needs " + Extent.bytes(file, shape, type)
                            + " bytes of data, found " + there);
        }
        return Numbers.read(channel, position, type, bytes, order, shape);
    }

    private static ByteBuffer bytes(Path file, FileChannel channel, long position, int count) throws IOException {
        if (channel.size() < position + count) {
            throw new ArrayFileException(file, "ends inside its header, at byte " + channel.size());
        }
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && channel.read(bytes, position + bytes.position()) >= 0) {
            continue;
        }
        return bytes.flip();
    }

    private static String field(Path file, String header, Pattern pattern, String name) {
        Matcher matcher = pattern.matcher(header);
        if (!matcher.find()) {
            throw new ArrayFileException(file, "has no readable '" + name + "' in its header: " + header.strip());
        }
        return matcher.group(1);
    }

    private static long[] shape(Path file, String text) {
        try {
            return Arrays.stream(text.split(",")).map(size -> size.strip().replace("L", ""))
                    .filter(size -> !size.isEmpty())
                    .mapToLong(Long::parseLong).toArray();
        } catch (NumberFormatException e) {
            throw new ArrayFileException(file, "has an impossible shape (" + text + ")", e);
        }
    }

    private static String shapeText(long... shape) {
        String sizes = LongStream.of(shape).mapToObj(Long::toString).collect(Collectors.joining(", "));
        return "(" + sizes + (shape.length == 1 ? ",)" : ")");
    }

    private static String code(DataType type) {
        return switch (type) {
            case FLOAT, DOUBLE, INT, LONG -> "<" + Arrays.stream(NumberType.values())
                    .filter(number -> number.array() == type && number.width() == type.width()).findFirst()
                    .orElseThrow().numpy();
            default -> throw new IllegalArgumentException(
                    "cannot write " + type + " to a .npy file: expected FLOAT, DOUBLE, INT or LONG");
        };
    }
}
