package org.einscale.bench;

/** Numbers that every implementation of the training step shares. */
public final class Recipe {
    /** Added to the variance by layer norms. */
    public static final double NORM_EPSILON = 1e-5;

    /** Global norm that gradients are clipped to: g *= min(1, clip / (|g| + 1e-6)). */
    public static final double CLIP_NORM = 1.0;

    /** AdamW's constant learning rate. */
    public static final double LEARNING_RATE = 1e-3;

    /** AdamW's decay of the first moment. */
    public static final double BETA1 = 0.9;

    /** AdamW's decay of the second moment. */
    public static final double BETA2 = 0.95;

    /** AdamW's addition to the root of the second moment. */
    public static final double EPSILON = 1e-8;

    /**
     * AdamW's decoupled weight decay (Loshchilov and Hutter 2019): none, as implementations differ in whether gains and biases
     * decay.
     */
    public static final double WEIGHT_DECAY = 0;

    private Recipe() {
    }
}
