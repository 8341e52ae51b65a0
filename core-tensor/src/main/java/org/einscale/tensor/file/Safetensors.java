package org.einscale.tensor.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Named arrays and text metadata in one file, in the safetensors format: eight bytes of header length, a JSON header, the
 * arrays as little-endian row-major numbers. Each number read becomes the same in an array: F16, BF16 and F32 in one of type
 * FLOAT, F64 in DOUBLE, BOOL and whole numbers up to I32 in INT, longer ones in LONG. Written are F32 and F64.
 *
 * @param arrays by name, in the order of the file
 * @param metadata by key
 */
public record Safetensors(SequencedMap<String, INDArray> arrays, SequencedMap<String, String> metadata) {
    private static final String METADATA = "__metadata__";
    private static final String OFFSETS = "data_offsets";
    private static final long LONGEST_HEADER = 100_000_000;
    private static final int ALIGNMENT = 8;
    private static final ObjectMapper JSON = new ObjectMapper();

    public Safetensors {
        arrays = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(arrays));
        metadata = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(metadata));
    }

    /**
     * Writes arrays and metadata in the maps' iteration order, replacing the file atomically.
     *
     * @throws IllegalArgumentException if an array is neither FLOAT nor DOUBLE, or is named {@code __metadata__}
     * @throws ArrayFileException if the file cannot be written
     */
    public static void write(Path file, Map<String, INDArray> arrays, Map<String, String> metadata) {
        Map<String, ArrayType> types = new LinkedHashMap<>();
        arrays.forEach((name, array) -> types.put(name, ArrayType.of(array)));
        write(file, types, metadata,
                to -> arrays.forEach((name, array) -> to.write(name, new int[array.rank()], array)));
    }

    /**
     * Writes arrays of which nobody has to have the whole. As {@link #write(Path, Map, Map)}.
     *
     * @param parts writes all parts of all arrays before it returns; called again if its thread is interrupted meanwhile
     */
    public static void write(Path file, Map<String, ArrayType> types, Map<String, String> metadata,
            Consumer<PartWriter> parts) {
        ObjectNode header = header(types, metadata);
        byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
        int padded = text.length + Math.floorMod(-text.length, ALIGNMENT);
        ByteBuffer head = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN).putLong(padded).put(text);
        while (head.hasRemaining()) {
            head.put((byte) ' ');
        }
        head.flip();
        try {
            Replacement.write(file, channel -> {
                Replacement.writeFully(channel, head.duplicate());
                write(parts, (name, starts, part) -> {
                    long start = header.get(name).get(OFFSETS).get(0).longValue();
                    Numbers.write(channel, head.capacity() + start, Objects.requireNonNull(types.get(name)), starts,
                            part);
                });
            });
        } catch (IOException e) {
            throw ArrayFileException.unwritable(file, e);
        }
    }

    /** Writes one part. */
    private interface Writing {
        void write(String name, int[] starts, INDArray part) throws IOException;
    }

    private static void write(Consumer<PartWriter> parts, Writing one) throws IOException {
        try {
            parts.accept((name, starts, part) -> {
                try {
                    one.write(name, starts, part);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static ObjectNode header(Map<String, ArrayType> types, Map<String, String> metadata) {
        ObjectNode header = JSON.createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode texts = header.putObject(METADATA);
            metadata.forEach(texts::put);
        }
        long end = 0;
        for (Map.Entry<String, ArrayType> entry : types.entrySet()) {
            ArrayType type = entry.getValue();
            if (entry.getKey().equals(METADATA)) {
                throw new IllegalArgumentException("an array may not be named " + METADATA);
            }
            ObjectNode tensor = header.putObject(entry.getKey()).put("dtype", code(entry.getKey(), type.type()));
            ArrayNode shape = tensor.putArray("shape");
            type.shape().forEach(shape::add);
            long start = end;
            end += type.bytes();
            tensor.putArray(OFFSETS).add(start).add(end);
        }
        return header;
    }

    /**
     * Reads a file.
     *
     * @throws ArrayFileException if it is missing, truncated, corrupt, or holds another type
     */
    public static Safetensors read(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer first = bytes(file, channel, 0, 8);
            long length = first.getLong();
            if (length < 2 || length > Math.min(LONGEST_HEADER, channel.size() - 8)) {
                throw new ArrayFileException(file, "is truncated or no safetensors file: claims a header of "
                        + Long.toUnsignedString(length) + " bytes, has " + channel.size() + " bytes in all");
            }
            JsonNode header = header(file, bytes(file, channel, 8, (int) length));
            return body(file, channel, header, 8 + length);
        } catch (IOException e) {
            throw ArrayFileException.unreadable(file, e);
        }
    }

    private static JsonNode header(Path file, ByteBuffer text) {
        try {
            JsonNode header = JSON.readTree(text.array());
            if (!header.isObject()) {
                throw new ArrayFileException(file, "is corrupt: its header is not a JSON object");
            }
            return header;
        } catch (JsonProcessingException e) {
            throw new ArrayFileException(file, "is corrupt: its header is not JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new ArrayFileException(file, "is corrupt: its header is not text", e);
        }
    }

    private static Safetensors body(Path file, FileChannel channel, JsonNode header, long start) throws IOException {
        SequencedMap<String, INDArray> arrays = new LinkedHashMap<>();
        SequencedMap<String, String> metadata = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> field : header.properties()) {
            if (field.getKey().equals(METADATA)) {
                field.getValue().properties().forEach(text -> metadata.put(text.getKey(), text.getValue().asText()));
            } else {
                arrays.put(field.getKey(), array(file, channel, field.getKey(), field.getValue(), start));
            }
        }
        return new Safetensors(arrays, metadata);
    }

    private static INDArray array(Path file, FileChannel channel, String name, JsonNode tensor, long start)
            throws IOException {
        NumberType type = type(file, name, tensor.path("dtype").asText());
        long[] shape = numbers(file, name, tensor, "shape");
        long[] offsets = numbers(file, name, tensor, OFFSETS);
        long bytes = Extent.bytes(file, shape, type);
        long data = channel.size() - start;
        if (offsets.length != 2 || offsets[0] < 0 || offsets[1] < offsets[0] || offsets[1] - offsets[0] != bytes) {
            throw new ArrayFileException(file, "is corrupt: '" + name + "' needs " + bytes + " bytes, its offsets are "
                    + Arrays.toString(offsets));
        }
        if (offsets[1] > data) {
            throw new ArrayFileException(file, "is truncated: '" + name + "' ends at byte " + offsets[1] + " of " + data
                    + " bytes of data");
        }
        return Numbers.read(channel, start + offsets[0], type, ByteOrder.LITTLE_ENDIAN, 'c', shape);
    }

    private static long[] numbers(Path file, String name, JsonNode tensor, String field) {
        JsonNode list = tensor.path(field);
        boolean whole = list.isArray();
        for (JsonNode number : list) {
            whole &= number.isIntegralNumber() && number.canConvertToLong();
        }
        if (!whole) {
            throw new ArrayFileException(file,
                    "is corrupt: '" + name + "' has no list of whole numbers '" + field + "'");
        }
        long[] numbers = new long[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = list.get(i).asLong();
        }
        return numbers;
    }

    private static ByteBuffer bytes(Path file, FileChannel channel, long position, int count) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw new ArrayFileException(file,
                        "is truncated: it ends at byte " + channel.size() + " inside its header");
            }
        }
        return bytes.flip();
    }

    private static String code(String name, DataType type) {
        return switch (type) {
            case FLOAT -> "F32";
            case DOUBLE -> "F64";
            default -> throw new IllegalArgumentException(
                    "cannot write '" + name + "' of type " + type + ": expected FLOAT or DOUBLE");
        };
    }

    private static NumberType type(Path file, String name, String code) {
        return NumberType.ofSafetensors(code).orElseThrow(() -> new ArrayFileException(file,
                "'" + name + "' has type '" + code + "': read are " + NumberType.safetensorsNames()));
    }
}
