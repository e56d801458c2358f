package dev.proteus.backend.cpu.vector;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.proteus.type.DType;
import dev.proteus.type.Halves;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// [MemoryCasts] with the Vector API; each loop is compiled alone.
final class VectorCasts implements MemoryCasts {
  static final VectorCasts INSTANCE = new VectorCasts();

  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final VectorSpecies<Double> WIDE = DoubleVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Float> NARROW =
      VectorSpecies.of(float.class, VectorShape.forBitSize(WIDE.vectorBitSize() / 2));
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Short> SHORTS =
      VectorSpecies.of(short.class, VectorShape.forBitSize(FLOATS.vectorBitSize() / 2));

  /// Elements of one call of a loop.
  private static final int STRETCH = 64 * FLOATS.length();

  private VectorCasts() {}

  @Override
  public void cast(
      DType from, MemorySegment a, long aAt, DType type, MemorySegment to, long toAt, long n) {
    long whole = n / FLOATS.length() * FLOATS.length();
    for (long i = 0; i < whole; i += STRETCH) {
      long source = aAt + i * from.bytes();
      long target = toAt + i * type.bytes();
      int length = (int) Math.min(STRETCH, whole - i);
      switch (type) {
        case FLOAT64 -> widen(a, source, to, target, length);
        case BFLOAT16 -> round(a, source, to, target, length);
        default -> toFloats(from, a, source, to, target, length);
      }
    }
    for (long i = whole; i < n; i++) {
      one(from, a, aAt + i * from.bytes(), type, to, toAt + i * type.bytes());
    }
  }

  private static void toFloats(
      DType from, MemorySegment a, long aAt, MemorySegment to, long toAt, int n) {
    if (from == DType.FLOAT64) {
      narrow(a, aAt, to, toAt, n);
    } else {
      extend(a, aAt, to, toAt, n);
    }
  }

  private static void one(
      DType from, MemorySegment a, long aAt, DType type, MemorySegment to, long toAt) {
    if (type == DType.FLOAT64) {
      to.set(JAVA_DOUBLE_UNALIGNED, toAt, a.get(JAVA_FLOAT_UNALIGNED, aAt));
    } else if (type == DType.BFLOAT16) {
      to.set(JAVA_SHORT_UNALIGNED, toAt, Halves.toBits(type, a.get(JAVA_FLOAT_UNALIGNED, aAt)));
    } else if (from == DType.FLOAT64) {
      to.set(JAVA_FLOAT_UNALIGNED, toAt, (float) a.get(JAVA_DOUBLE_UNALIGNED, aAt));
    } else {
      to.set(JAVA_FLOAT_UNALIGNED, toAt, Halves.toFloat(from, a.get(JAVA_SHORT_UNALIGNED, aAt)));
    }
  }

  private static void widen(MemorySegment a, long aAt, MemorySegment to, long toAt, int n) {
    for (int i = 0; i < n; i += NARROW.length()) {
      FloatVector.fromMemorySegment(NARROW, a, aAt + 4L * i, ORDER)
          .convertShape(VectorOperators.F2D, WIDE, 0)
          .reinterpretAsDoubles()
          .intoMemorySegment(to, toAt + 8L * i, ORDER);
    }
  }

  private static void narrow(MemorySegment a, long aAt, MemorySegment to, long toAt, int n) {
    for (int i = 0; i < n; i += WIDE.length()) {
      DoubleVector.fromMemorySegment(WIDE, a, aAt + 8L * i, ORDER)
          .convertShape(VectorOperators.D2F, NARROW, 0)
          .reinterpretAsFloats()
          .intoMemorySegment(to, toAt + 4L * i, ORDER);
    }
  }

  private static void extend(MemorySegment a, long aAt, MemorySegment to, long toAt, int n) {
    for (int i = 0; i < n; i += SHORTS.length()) {
      ShortVector.fromMemorySegment(SHORTS, a, aAt + 2L * i, ORDER)
          .convertShape(VectorOperators.S2I, INTS, 0)
          .reinterpretAsInts()
          .lanewise(VectorOperators.LSHL, 16)
          .intoMemorySegment(to, toAt + 4L * i, ORDER);
    }
  }

  /// To the nearest, of two the even one; a NaN stays one.
  private static void round(MemorySegment a, long aAt, MemorySegment to, long toAt, int n) {
    for (int i = 0; i < n; i += FLOATS.length()) {
      FloatVector x = FloatVector.fromMemorySegment(FLOATS, a, aAt + 4L * i, ORDER);
      IntVector exact = x.reinterpretAsInts();
      IntVector high = exact.lanewise(VectorOperators.LSHR, 16);
      IntVector rounded = exact.add(high.and(1)).add(0x7fff).lanewise(VectorOperators.LSHR, 16);
      VectorMask<Integer> nan = x.test(VectorOperators.IS_NAN).cast(INTS);
      rounded
          .blend(high.or(0x40), nan)
          .convertShape(VectorOperators.I2S, SHORTS, 0)
          .reinterpretAsShorts()
          .intoMemorySegment(to, toAt + 2L * i, ORDER);
    }
  }
}
