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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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

    @Test
    void namesFileAndProblem() {
        String good = "{'descr': '<i4', 'fortran_order': False, 'shape': (3,), }\n";
        assertThat(Npy.read(file(1, good, 1, 2, 3)).toIntVector()).containsExactly(1, 2, 3);
        refuses(file(1, good, 1, 2), "shape [3] needs 12 bytes of data, found 8");
        refuses(file(1, good.replace("<i4", ">i4"), 1, 2, 3), "holds '>i4': expected <f4");
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
        ByteBuffer bytes = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) version).put((byte) 0);
        if (version == 1) {
            bytes.putShort((short) header.length());
        } else {
            bytes.putInt(header.length());
        }
        bytes.put(header.getBytes(StandardCharsets.US_ASCII));
        for (int number : data) {
            bytes.putInt(number);
        }
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
