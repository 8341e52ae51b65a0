package org.einscale.tensor.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class NpyTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(value = DataType.class, names = {"FLOAT", "DOUBLE", "INT", "LONG"})
    void readsBackEveryTypeAndShape(DataType type) {
        long[][] shapes = {{}, {0}, {1}, {5}, {2, 3}, {2, 0, 3}, {2, 3, 4}, {40, 50, 20}};
        for (long[] shape : shapes) {
            INDArray array = Nd4j.create(type, shape);
            for (long i = 0; i < array.length(); i++) {
                array.data().put(i, i - 3);
            }
            Path file = folder.resolve("array.npy");
            Npy.write(file, array);
            INDArray back = Npy.read(file);
            assertThat(back.shape()).isEqualTo(shape);
            assertThat(back.dataType()).isEqualTo(type);
            assertThat(array.length() == 0 || back.equals(array)).as("%s", (Object) shape).isTrue();
        }
        assertThat(folder.toFile().list()).containsExactly("array.npy");
    }

    @Test
    void writesViewsInRowMajorOrder() {
        INDArray array = Nd4j.arange(6).castTo(DataType.DOUBLE).reshape(2, 3).transpose();
        Npy.write(folder.resolve("view.npy"), array);
        assertThat(Npy.read(folder.resolve("view.npy"))).isEqualTo(array.dup());
    }

    @Test
    void readsFortranOrderAndVersionTwo() {
        String header = "{'descr': '<i4', 'fortran_order': True, 'shape': (2, 3), }\n";
        Path file = file(2, header, 1, 4, 2, 5, 3, 6);
        assertThat(Npy.read(file).toIntMatrix()).isDeepEqualTo(new int[][]{{1, 2, 3}, {4, 5, 6}});
    }

    /** Bytes as they are in the file, and the numbers that they stand for. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            <f2  ; 00 3c 00 80 01 00 ff 7b 00 fc ; FLOAT  ; 1.0 -0.0 5.9604645E-8 65504.0 -Infinity
            >f2  ; 3c 00 80 00 00 01             ; FLOAT  ; 1.0 -0.0 5.9604645E-8
            >f4  ; 3f 80 00 00                   ; FLOAT  ; 1.0
            >f8  ; c0 00 00 00 00 00 00 00       ; DOUBLE ; -2.0
            |b1  ; 00 01 01                      ; INT    ; 0 1 1
            |i1  ; ff 7f                         ; INT    ; -1 127
            |u1  ; ff 7f                         ; INT    ; 255 127
            <i2  ; ff ff 00 80                   ; INT    ; -1 -32768
            >i2  ; 00 80                         ; INT    ; 128
            <u2  ; ff ff                         ; INT    ; 65535
            >i4  ; 00 00 01 00                   ; INT    ; 256
            <u4  ; ff ff ff ff                   ; LONG   ; 4294967295
            <i8  ; 01 00 00 00 00 00 20 00       ; LONG   ; 9007199254740993
            >i8  ; ff ff ff ff ff ff ff fe       ; LONG   ; -2
            <u8  ; ff ff ff ff ff ff ff 7f       ; LONG   ; 9223372036854775807
            """)
    void readsEveryNumberAsItIs(String code, String bytes, DataType type, String numbers) {
        List<String> expected = List.of(numbers.split(" "));
        INDArray array = Npy.read(file(1, header(code, expected.size()), HexFormat.ofDelimiter(" ").parseHex(bytes)));
        assertThat(array.dataType()).isEqualTo(type);
        assertThat(LongStream.range(0, array.length()).mapToObj(i -> text(array, i))).isEqualTo(expected);
    }

    private static String text(INDArray array, long i) {
        return switch (array.dataType()) {
            case FLOAT -> Float.toString(array.getFloat(i));
            case DOUBLE -> Double.toString(array.getDouble(i));
            default -> Long.toString(array.getLong(i));
        };
    }

    private static String header(String code, int count) {
        return "{'descr': '" + code + "', 'fortran_order': False, 'shape': (" + count + "L,), }\n";
    }

    @Test
    void refusesWholeNumbersBeyondInt64() {
        byte[] large = {0, 0, 0, 0, 0, 0, 0, (byte) 0x80};
        refuses(file(1, header("<u8", 1), large),
                "holds the number 9223372036854775808; whole numbers are read up to 9223372036854775807");
    }

    @Test
    void namesFileAndProblem() {
        String good = "{'descr': '<i4', 'fortran_order': False, 'shape': (3,), }\n";
        assertThat(Npy.read(file(1, good, 1, 2, 3)).toIntVector()).containsExactly(1, 2, 3);
        refuses(file(1, good, 1, 2), "shape [3] needs 12 bytes of data, found 8");
        refuses(file(1, good.replace("<i4", "<c8"), 1, 2, 3), "holds '<c8': read are f4, f8, f2, i4, i8");
        refuses(file(1, good.replace("<i4", "|O"), 1, 2, 3), "holds '|O': read are");
        refuses(file(1, good.replace("'<i4'", "[('x', '<i4')]"), 1, 2, 3), "holds [('x', '<i4')]: read are");
        refuses(file(1, good.replace("shape", "form"), 1, 2, 3), "no readable 'shape'");
        refuses(file(1, good.replace("(3,)", "(4000000000, 4000000000)")), "impossible shape");
        refuses(file(9, good, 1), "is not a .npy file of version 1 to 3");
        refuses(folder.resolve("missing.npy"), "cannot be read: no such file");
        Path truncated = file(1, good);
        cut(truncated, 20);
        refuses(truncated, "ends inside its header, at byte 20");
        cut(truncated, 5);
        refuses(truncated, "ends inside its header, at byte 5");
    }

    @Test
    void aFailedWriteSaysWhyAndLeavesNothing() {
        Path file = folder.resolve("no/such/folder.npy");
        assertThatThrownBy(() -> Npy.write(file, Nd4j.ones(2))).isInstanceOf(ArrayFileException.class)
                .hasMessageContaining("folder.npy: cannot be written: no such file or folder");
        assertThatThrownBy(() -> Npy.write(folder.resolve("x.npy"), Nd4j.create(DataType.BOOL, 2)))
                .hasMessageContaining("BOOL");
        assertThat(folder.toFile().list()).isEmpty();
    }

    private static void refuses(Path file, String message) {
        assertThatThrownBy(() -> Npy.read(file)).isInstanceOf(ArrayFileException.class)
                .hasMessageStartingWith(file + ": ").hasMessageContaining(message);
    }

    private Path file(int version, String header, int... data) {
        ByteBuffer numbers = ByteBuffer.allocate(4 * data.length).order(ByteOrder.LITTLE_ENDIAN);
        numbers.asIntBuffer().put(data);
        return file(version, header, numbers.array());
    }

    private Path file(int version, String header, byte[] data) {
        ByteBuffer bytes = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) version).put((byte) 0);
        if (version == 1) {
            bytes.putShort((short) header.length());
        } else {
            bytes.putInt(header.length());
        }
        bytes.put(header.getBytes(StandardCharsets.US_ASCII));
        bytes.put(data);
        Path file = folder.resolve("made.npy");
        write(file, java.util.Arrays.copyOf(bytes.array(), bytes.position()));
        return file;
    }

    private static void cut(Path file, int length) {
        try {
            write(file, java.util.Arrays.copyOf(Files.readAllBytes(file), length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
