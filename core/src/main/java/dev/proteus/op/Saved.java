package dev.proteus.op;

/// What a recorded call keeps for its derivative: bit i stands for operand or result i.
public record Saved(long inputs, long outputs) {
  public static final Saved NONE = new Saved(0, 0);
  public static final Saved ALL = new Saved(-1, -1);
  public static final Saved INPUTS = new Saved(-1, 0);
  public static final Saved OUTPUTS = new Saved(0, -1);

  /// Keeps these operands and no result.
  public static Saved inputs(int... indices) {
    long bits = 0;
    for (int index : indices) {
      bits |= 1L << index;
    }
    return new Saved(bits, 0);
  }

  /// Keeps these operands, too.
  public Saved with(int... more) {
    return new Saved(inputs | inputs(more).inputs, outputs);
  }

  public Saved withOutputs() {
    return new Saved(inputs, -1);
  }

  public boolean input(int index) {
    return (inputs >>> index & 1) != 0;
  }

  public boolean output(int index) {
    return (outputs >>> index & 1) != 0;
  }
}
