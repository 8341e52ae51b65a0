package org.einscale.tensor.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Arrays as runs of numbers, a piece at a time. */
final class Numbers {
    private static final int PIECE = 1 << 16;

    private Numbers() {
    }

    /**
     * Writes a part of an array, whose elements are little-endian in row-major order.
     *
     * @param position of the whole array's first element
     * @param starts where the part begins along each axis
     */
    static void write(FileChannel channel, long position, ArrayType whole, int[] starts, INDArray part)
            throws IOException {
        long[] sizes = part.shape();
        int outer = sizes.length;
        long run = 1;
        while (outer > 0 && (outer == sizes.length || sizes[outer] == whole.shape().get(outer))) {
            outer--;
            run *= sizes[outer];
        }
        INDArray flat = part.length() == 0 ? part : part.dup('c').reshape(part.length());
        for (long first = 0; first < part.length(); first += run) {
            write(channel, position + whole.type().width() * offset(whole, starts, sizes, first), flat, first, run);
        }
    }

    /** Where an element of a part is in the whole. */
    private static long offset(ArrayType whole, int[] starts, long[] sizes, long element) {
        long offset = 0;
        long stride = 1;
        long left = element;
        for (int i = sizes.length - 1; i >= 0; i--) {
            offset += stride * (starts[i] + left % sizes[i]);
            left /= sizes[i];
            stride *= whole.shape().get(i);
        }
        return offset;
    }

    private static void write(FileChannel channel, long position, INDArray flat, long first, long count)
            throws IOException {
        int width = flat.dataType().width();
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE, count * width)).order(ByteOrder.LITTLE_ENDIAN);
        long at = position;
        for (long i = 0; i < count; i++) {
            put(piece, flat.dataType(), flat, first + i);
            if (!piece.hasRemaining() || i == count - 1) {
                at += Replacement.writeFully(channel, at, piece.flip());
                piece.clear();
            }
        }
    }

    private static void put(ByteBuffer piece, DataType type, INDArray flat, long i) {
        switch (type) {
            case FLOAT -> piece.putFloat(flat.getFloat(i));
            case DOUBLE -> piece.putDouble(flat.getDouble(i));
            case INT -> piece.putInt((int) flat.getLong(i));
            default -> piece.putLong(flat.getLong(i));
        }
    }

    /**
     * Reads an array's elements from a position on; the caller has checked that they are there.
     *
     * @param bytes order of the bytes of a number in the file
     * @param order 'c' for row-major, 'f' for column-major elements in the file; the array is row-major
     * @return of the type {@link NumberType#array}
     * @throws IOException if the file ends before, or a number is beyond the array's type
     */
    static INDArray read(FileChannel channel, long position, NumberType type, ByteOrder bytes, char order,
            long... shape) throws IOException {
        INDArray array = Nd4j.create(type.array(), shape);
        long[] reversed = IntStream.range(0, shape.length).mapToLong(i -> shape[shape.length - 1 - i]).toArray();
        INDArray inFile = order == 'f' && array.length() > 0 ? Nd4j.create(type.array(), reversed) : array;
        if (array.length() > 0) {
            fill(channel, position, type, bytes, inFile.reshape(array.length()));
        }
        return inFile == array ? array : inFile.permute(axesReversed(shape.length)).dup('c');
    }

    private static int[] axesReversed(int rank) {
        return IntStream.range(0, rank).map(i -> rank - 1 - i).toArray();
    }

    private static void fill(FileChannel channel, long position, NumberType type, ByteOrder bytes, INDArray flat)
            throws IOException {
        ByteBuffer piece = ByteBuffer.allocate(PIECE).order(bytes);
        long left = flat.length() * type.width();
        long at = position;
        long i = 0;
        while (left > 0) {
            piece.clear().limit((int) Math.min(PIECE, left));
            while (piece.hasRemaining()) {
                int count = channel.read(piece, at);
                if (count < 0) {
                    throw new IOException("it ends at byte " + at);
                }
                at += count;
                left -= count;
            }
            piece.flip();
            while (piece.hasRemaining()) {
                type.read(piece, flat.data(), i++);
            }
        }
    }
}
