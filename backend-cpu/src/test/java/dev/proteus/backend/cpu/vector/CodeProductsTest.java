package dev.proteus.backend.cpu.vector;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.proteus.type.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// [CodeProducts] with the Vector API and without, against sums in float64.
final class CodeProductsTest {
  private static final List<CodeProducts> TWINS =
      VectorChoice.isVector()
          ? List.of(InnerLoops.scalar().codes(), InnerLoops.vector().codes())
          : List.of(InnerLoops.scalar().codes());

  private final Random random = new Random(4);

  private NativeMatrix codes(long rows, long bytes, DType dtype) {
    MemorySegment segment = Arena.ofAuto().allocate(3 + rows * bytes);
    for (long i = 0; i < segment.byteSize(); i++) {
      segment.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt(256));
    }
    return new NativeMatrix(segment, 3, bytes, 1, dtype);
  }

  private float[] floats(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 16, 31, 64, 100})
  void int8(int depth) {
    for (int rows = 1; rows <= 5; rows++) {
      NativeMatrix codes = codes(7, depth, DType.INT8);
      float[] x = floats(rows * (depth + 2));
      for (CodeProducts twin : TWINS) {
        float[] sums = new float[2 + rows * 9];
        twin.int8(depth, x, depth + 2, rows, codes, 1, 6, sums, 2, 9);
        for (int r = 0; r < rows; r++) {
          for (int j = 0; j < 6; j++) {
            double right = 0;
            for (int k = 0; k < depth; k++) {
              right += x[r * (depth + 2) + k] * (double) code(codes, 1 + j, k);
            }
            assertEquals(right, sums[2 + r * 9 + j], 1e-2, twin + " " + r + " " + j);
          }
        }
      }
    }
  }

  private static byte code(NativeMatrix codes, long row, long column) {
    return codes.segment().get(ValueLayout.JAVA_BYTE, codes.at(row, column));
  }

  @Test
  void int4() {
    for (int rows = 1; rows <= 6; rows++) {
      NativeMatrix codes = codes(3, 48, DType.UINT8);
      float[] x = floats(rows * 96);
      float[] scales = floats(3);
      float[] minima = floats(3);
      for (CodeProducts twin : TWINS) {
        float[] sums = new float[1 + rows * 2];
        twin.int4(3, x, 96, rows, codes, 2, scales, minima, sums, 1, 2);
        for (int r = 0; r < rows; r++) {
          double right = 0;
          for (int k = 0; k < 96; k++) {
            int two = code(codes, 2, k / 32 * 16 + k % 16) & 0xFF;
            int code = k % 32 < 16 ? two % 16 : two / 16;
            right += x[r * 96 + k] * ((double) code * scales[k / 32] + minima[k / 32]);
          }
          assertEquals(right, sums[1 + r * 2], 1e-3, twin + " " + r);
        }
      }
    }
  }

  @Test
  void rowsAsFloats() {
    NativeMatrix codes = codes(3, 48, DType.INT8);
    float[] scales = floats(3);
    float[] minima = floats(3);
    for (CodeProducts twin : TWINS) {
      MemorySegment to = Arena.ofAuto().allocate(4 * 97);
      twin.floats8(45, codes, 1, 0.5f, to, 4);
      for (int k = 0; k < 48; k++) {
        assertEquals(k < 45 ? code(codes, 1, k) * 0.5f : 0, float32(to, 1 + k));
      }
      twin.floats4(3, codes, 2, scales, minima, to, 4);
      for (int k = 0; k < 96; k++) {
        int two = code(codes, 2, k / 32 * 16 + k % 16) & 0xFF;
        int code = k % 32 < 16 ? two % 16 : two / 16;
        assertEquals(code * scales[k / 32] + minima[k / 32], float32(to, 1 + k), 1e-5);
      }
    }
  }

  private static float float32(MemorySegment segment, int index) {
    return segment.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * index);
  }
}
