package dev.proteus.oracle;

import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.lang.foreign.MemorySegment;

/// A tensor of a case: `float32[2,3]@transposed~normal#17`.
///
/// @param dtype its element type
/// @param shape its sizes
/// @param placement how it lies in its storage
/// @param fill what its elements are like
/// @param seed what they follow from
/// @param role whether gradients with respect to it are compared, where they are
record Operand(DType dtype, Shape shape, Placement placement, Fill fill, int seed, Role role)
    implements Value {
  /// Whether an operand may have a gradient.
  enum Role {
    VARIABLE,
    CONSTANT
  }

  Operand(DType dtype, Shape shape, Placement placement, Fill fill, int seed) {
    this(dtype, shape, placement, fill, seed, Role.VARIABLE);
  }

  boolean hasGradient() {
    return dtype.isFloating() && role == Role.VARIABLE;
  }

  /// The elements of the base, row-major.
  MemorySegment bytes() {
    int count = Math.toIntExact(placement.base(shape).numel());
    MemorySegment bytes = MemorySegment.ofArray(new byte[Math.max(1, count * dtype.bytes())]);
    fill.write(bytes, dtype, count, seed);
    return bytes.asSlice(0, (long) count * dtype.bytes());
  }

  /// The elements of the base.
  Elements elements() {
    return new Elements(dtype, placement.base(shape), bytes());
  }

  /// The base as Proteus has it.
  Tensor base() {
    return Tensor.ofBytes(bytes(), placement.base(shape), dtype);
  }

  Operand withShape(Shape other) {
    return new Operand(
        dtype,
        other,
        placement.fits(other) ? placement : Placement.PLAIN,
        fill.kind() == Fill.Kind.DOMINANT && other.rank() > 1 ? Fill.dominant(other) : fill,
        seed,
        role);
  }

  Operand withDType(DType other) {
    return new Operand(other, shape, placement, fill, seed, role);
  }

  Operand withPlacement(Placement other) {
    return new Operand(dtype, shape, other, fill, seed, role);
  }

  Operand withFill(Fill other) {
    return new Operand(dtype, shape, placement, other, seed, role);
  }

  @Override
  public String toString() {
    String where = placement == Placement.PLAIN ? "" : "@" + placement;
    return dtype
        + shape.toString().replace(" ", "")
        + where
        + "~"
        + fill
        + "#"
        + seed
        + (role == Role.CONSTANT ? "!" : "");
  }
}
