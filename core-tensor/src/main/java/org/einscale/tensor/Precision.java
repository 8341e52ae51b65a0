package org.einscale.tensor;

import org.nd4j.linalg.api.buffer.DataType;

/** The floating-point formats a program can run in. */
public enum Precision {
    FLOAT(Float.BYTES, DataType.FLOAT), DOUBLE(Double.BYTES, DataType.DOUBLE);

    private final int bytes;
    private final DataType dataType;

    Precision(int bytes, DataType dataType) {
        this.bytes = bytes;
        this.dataType = dataType;
    }

    /** Size of one element, in bytes. */
    public int bytes() {
        return bytes;
    }

    /** The ND4J type with the same format. */
    public DataType dataType() {
        return dataType;
    }
}
