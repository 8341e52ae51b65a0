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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

class SafetensorsTest {
    @TempDir
    Path folder;

    @Test
    void readsBackArraysAndMetadataInOrder() {
        Map<String, INDArray> arrays = new LinkedHashMap<>();
        arrays.put("w", Nd4j.createFromArray(new float[][]{{1, 2, 3}, {4, 5, Float.NEGATIVE_INFINITY}}));
        arrays.put("b", Nd4j.createFromArray(0.1, 1e300));
        arrays.put("empty", Nd4j.create(DataType.FLOAT, 0, 3));
        arrays.put("scalar", Nd4j.scalar(7f));
        arrays.put("a view", Nd4j.arange(6).castTo(DataType.FLOAT).reshape(2, 3).transpose());
        Map<String, String> metadata = Map.of("step", "12", "text", "\"é\n");
        Path file = folder.resolve("model.safetensors");
        Safetensors.write(file, arrays, metadata);
        Safetensors back = Safetensors.read(file);
        assertThat(back.metadata()).isEqualTo(metadata);
        assertThat(back.arrays().keySet()).containsExactly("w", "b", "empty", "scalar", "a view");
        assertThat(array(back, "empty").shape()).containsExactly(0, 3);
        arrays.remove("empty");
        arrays.forEach((name, array) -> {
            assertThat(array(back, name)).as(name).isEqualTo(array.dup('c'));
            assertThat(array(back, name).dataType()).isEqualTo(array.dataType());
        });
        Safetensors.write(file, Map.of(), Map.of());
        assertThat(Safetensors.read(file).arrays()).isEmpty();
        assertThat(folder.toFile().list()).containsExactly("model.safetensors");
    }

    /** Blocks of arrays, cut along every axis at some place, by several threads in whatever order. */
    @Test
    void partsMakeTheWhole() {
        Random random = new Random(1);
        Map<String, INDArray> arrays = new LinkedHashMap<>();
        for (int[] shape : new int[][]{{}, {1}, {7}, {3, 1}, {5, 4}, {1, 6, 3}, {3, 4, 5}, {2, 3, 2, 3}, {30, 700}}) {
            INDArray array = Nd4j.rand(DataType.FLOAT, shape);
            arrays.put("float" + Arrays.toString(shape), array);
            arrays.put("double" + Arrays.toString(shape), array.castTo(DataType.DOUBLE));
        }
        Map<String, ArrayType> types = new LinkedHashMap<>();
        arrays.forEach((name, array) -> types.put(name, ArrayType.of(array)));
        for (int round = 0; round < 5; round++) {
            List<Runnable> writing = new ArrayList<>();
            Path file = folder.resolve("parts.safetensors");
            Safetensors.write(file, types, Map.of("step", "1"), to -> {
                arrays.forEach((name, array) -> cut(array, new int[array.rank()], 0, random,
                        (starts, part) -> writing.add(() -> to.write(name, starts, part))));
                Collections.shuffle(writing, random);
                writing.parallelStream().forEach(Runnable::run);
            });
            assertThat(Safetensors.read(file).arrays()).isEqualTo(arrays);
            assertThat(Safetensors.read(file).metadata()).containsExactly(Map.entry("step", "1"));
        }
    }

    /** Cuts an array in two along each axis from one on, wherever that is. */
    private static void cut(INDArray array, int[] starts, int axis, Random random, BiConsumer<int[], INDArray> to) {
        if (axis == array.rank()) {
            to.accept(starts, array);
            return;
        }
        long size = array.size(axis);
        long middle = random.nextLong(size);
        for (long[] range : new long[][]{{0, middle}, {middle, size}}) {
            if (range[0] < range[1]) {
                INDArrayIndex[] indices = new INDArrayIndex[array.rank()];
                Arrays.fill(indices, NDArrayIndex.all());
                indices[axis] = NDArrayIndex.interval(range[0], range[1]);
                int[] moved = starts.clone();
                moved[axis] += (int) range[0];
                cut(array.get(indices), moved, axis + 1, random, to);
            }
        }
    }

    @Test
    void whatFailsWhilePartsAreWrittenLeavesTheFileAsItWas() {
        Path file = folder.resolve("model.safetensors");
        Safetensors.write(file, Map.of("w", Nd4j.ones(DataType.FLOAT, 2)), Map.of());
        Map<String, ArrayType> types = Map.of("w", new ArrayType(DataType.FLOAT, 2));
        assertThatThrownBy(() -> Safetensors.write(file, types, Map.of(), to -> {
            to.write("w", new int[]{0}, Nd4j.zeros(DataType.FLOAT, 1));
            throw new IllegalStateException("a device is lost");
        })).hasMessage("a device is lost");
        assertThatThrownBy(() -> Safetensors.write(file, types, Map.of(), to -> {
            throw new UncheckedIOException(new IOException("disk full"));
        })).isInstanceOf(ArrayFileException.class).hasMessageContainingAll(file.toString(), "disk full");
        assertThat(array(Safetensors.read(file), "w").toFloatVector()).containsExactly(1, 1);
        assertThat(folder.toFile().list()).containsExactly("model.safetensors");
    }

    @Test
    void namesFileAndProblem() throws IOException {
        String tensor = "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}}";
        assertThat(array(Safetensors.read(file(tensor, 8)), "w").toFloatVector()).containsExactly(0, 0);
        refuses(file(tensor, 7), "is truncated: 'w' ends at byte 8 of 7 bytes of data");
        refuses(file(tensor.replace("F32", "C64"), 8), "'w' has type 'C64': read are F32, F64, F16, BF16, I32, I64");
        refuses(file(tensor.replace("[2]", "[3]"), 12), "'w' needs 12 bytes, its offsets are [0, 8]");
        refuses(file(tensor.replace("[2]", "[4000000000,4000000000]"), 8), "impossible shape");
        refuses(file(tensor.replace("[2]", "[-2]"), 8), "impossible shape");
        refuses(file(tensor.replace("[2]", "'x'"), 8), "no list of whole numbers 'shape'");
        refuses(file(tensor.replace("[0,8]", "[-8,0]"), 8), "is corrupt");
        refuses(file("{'w':", 8), "its header is not JSON");
        refuses(file("[1, 2]", 8), "its header is not a JSON object");
        refuses(folder.resolve("missing"), "cannot be read: no such file");
        Path file = file(tensor, 8);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, 20));
        refuses(file, "is truncated");
        Files.write(file, Arrays.copyOf(whole, 3));
        refuses(file, "is truncated");
        whole[6] = 99;
        Files.write(file, whole);
        refuses(file, "claims a header of");
    }

    @Test
    void readsShorterFloatsAndWholeNumbers() throws IOException {
        Path file = file("""
                {'half':{'dtype':'F16','shape':[1],'data_offsets':[0,2]},
                'brain':{'dtype':'BF16','shape':[1],'data_offsets':[2,4]},
                'whole':{'dtype':'I64','shape':[1],'data_offsets':[4,12]}}""", new byte[]{0, 0x3e, (byte) 0xc0, 0x3f, 1,
            0, 0, 0, 0, 0, 0x20, 0});
        Safetensors read = Safetensors.read(file);
        assertThat(array(read, "half").toFloatVector()).containsExactly(1.5f);
        assertThat(array(read, "brain").toFloatVector()).containsExactly(1.5f);
        assertThat(array(read, "whole").toLongVector()).containsExactly(9007199254740993L);
    }

    @Test
    void aFailedWriteLeavesTheOldFile() throws IOException {
        Path file = folder.resolve("model.safetensors");
        Safetensors.write(file, Map.of("w", Nd4j.ones(DataType.FLOAT, 2)), Map.of());
        byte[] before = Files.readAllBytes(file);
        assertThatThrownBy(() -> Safetensors.write(file, Map.of("i", Nd4j.create(DataType.INT, 2)), Map.of()))
                .hasMessageContaining("'i' of type INT");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    private static INDArray array(Safetensors file, String name) {
        return Objects.requireNonNull(file.arrays().get(name), name);
    }

    private static void refuses(Path file, String message) {
        assertThatThrownBy(() -> Safetensors.read(file)).isInstanceOf(ArrayFileException.class)
                .hasMessageStartingWith(file + ": ").hasMessageContaining(message);
    }

    private Path file(String header, int data) throws IOException {
        return file(header, new byte[data]);
    }

    private Path file(String header, byte[] data) throws IOException {
        byte[] text = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(text.length).put(text).put(data);
        Path file = folder.resolve("made.safetensors");
        Files.write(file, bytes.array());
        return file;
    }
}
