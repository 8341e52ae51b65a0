package org.einscale.tensor.simd;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorSpecies;
import org.einscale.tensor.memory.Raw;

/**
 * Code of a method that keeps as many vectors in registers as a tile of some shape needs. C2 does so with local variables but not
 * with an array, so each shape wants code of its own, which is written here, in bytecode, instead of in a source file.
 *
 * <p>Variables, of any type, are known by their slots: 1 and following are the method's parameters, of which a long takes two.
 */
public final class VectorCode {
    private static final ClassDesc VECTOR = describe(FloatVector.class);
    private static final ClassDesc SPECIES = describe(VectorSpecies.class);

    private final CodeBuilder code;

    private VectorCode(CodeBuilder code) {
        this.code = code;
    }

    /**
     * An object of an interface with one method, which returns nothing.
     *
     * @param body writes the method's code
     */
    public static <T> T implement(Class<T> type, Consumer<VectorCode> body) {
        Method method = Arrays.stream(type.getDeclaredMethods())
                .filter(each -> Modifier.isAbstract(each.getModifiers()))
                .findFirst().orElseThrow();
        String signature = MethodType.methodType(method.getReturnType(), method.getParameterTypes()).descriptorString();
        byte[] bytes = ClassFile.of().build(ClassDesc.of(type.getName() + "Code"), builder -> builder
                .withInterfaceSymbols(describe(type))
                .withMethodBody(ConstantDescs.INIT_NAME, ConstantDescs.MTD_void, ClassFile.ACC_PUBLIC, code -> code
                        .aload(0)
                        .invokespecial(ConstantDescs.CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                        .return_())
                .withMethodBody(method.getName(), MethodTypeDesc.ofDescriptor(signature), ClassFile.ACC_PUBLIC,
                        code -> {
                            body.accept(new VectorCode(code));
                            code.return_();
                        }));
        return Copies.instance(type, type, bytes, signature);
    }

    private static ClassDesc describe(Class<?> type) {
        return ClassDesc.ofDescriptor(type.descriptorString());
    }

    /** For what is not about vectors. */
    public CodeBuilder scalars() {
        return code;
    }

    /** New variables for vectors. */
    public int[] vectors(int count) {
        int[] slots = new int[count];
        for (int i = 0; i < count; i++) {
            slots[i] = code.allocateLocal(TypeKind.REFERENCE);
        }
        return slots;
    }

    /** vector = 0. */
    public void zero(int vector) {
        species().invokestatic(VECTOR, "zero", MethodTypeDesc.of(VECTOR, SPECIES)).astore(vector);
    }

    /** vector = the floats of the array from index + offset on. */
    public void load(int vector, int array, int index, int offset) {
        at(species().aload(array), index, offset)
                .invokestatic(VECTOR, "fromArray",
                        MethodTypeDesc.of(VECTOR, SPECIES, describe(float[].class), ConstantDescs.CD_int))
                .astore(vector);
    }

    /** vector = the floats at address + shift, both longs. */
    public void load(int vector, int address, int shift) {
        ClassDesc segment = describe(MemorySegment.class);
        ClassDesc order = describe(ByteOrder.class);
        species().getstatic(describe(Raw.class), "MEMORY", segment).lload(address).lload(shift).ladd()
                .getstatic(describe(Lanes.class), "ORDER", order)
                .invokestatic(VECTOR, "fromMemorySegment",
                        MethodTypeDesc.of(VECTOR, SPECIES, segment, ConstantDescs.CD_long, order))
                .astore(vector);
    }

    /** vector = array[index + offset] in every lane. */
    public void broadcast(int vector, int array, int index, int offset) {
        at(species().aload(array), index, offset).faload()
                .invokestatic(VECTOR, "broadcast", MethodTypeDesc.of(VECTOR, SPECIES, ConstantDescs.CD_float))
                .astore(vector);
    }

    /** sum += x y. */
    public void addProduct(int sum, int x, int y) {
        ClassDesc any = describe(Vector.class);
        code.aload(x).aload(y).aload(sum).invokevirtual(VECTOR, "fma", MethodTypeDesc.of(VECTOR, any, any)).astore(sum);
    }

    /** Writes a vector into an array, from index + offset on. */
    public void store(int vector, int array, int index, int offset) {
        at(code.aload(vector).aload(array), index, offset).invokevirtual(VECTOR, "intoArray",
                MethodTypeDesc.of(ConstantDescs.CD_void, describe(float[].class), ConstantDescs.CD_int));
    }

    private CodeBuilder species() {
        return code.getstatic(describe(Lanes.class), "SPECIES", SPECIES);
    }

    private static CodeBuilder at(CodeBuilder code, int index, int offset) {
        code.iload(index);
        return offset == 0 ? code : code.loadConstant(offset).iadd();
    }

    /** Runs code as often as a variable says. */
    public void repeat(int times, Runnable body) {
        int i = code.allocateLocal(TypeKind.INT);
        Label end = code.newLabel();
        Label start = code.iconst_0().istore(i).newBoundLabel();
        code.iload(i).iload(times).if_icmpge(end);
        body.run();
        code.iinc(i, 1).goto_(start).labelBinding(end);
    }
}
