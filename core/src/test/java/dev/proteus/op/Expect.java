package dev.proteus.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.tensor.Tensor;
import dev.proteus.type.Shape;
import java.util.Locale;
import org.junit.jupiter.api.function.Executable;

/// What tests of operators expect of a tensor, and of an error.
public final class Expect {
  private Expect() {}

  /// The int64 numbers from 0 on in this shape.
  public static Tensor count(long... sizes) {
    Shape shape = Shape.of(sizes);
    return Tensor.arange(shape.numel()).reshape(shape);
  }

  public static void shape(Tensor x, long... sizes) {
    assertEquals(Shape.of(sizes), x.shape());
  }

  /// The values, row-major, whatever the type.
  public static void values(Tensor x, double... values) {
    assertArrayEquals(values, x.toDoubleArray(), 1e-9);
  }

  public static void close(Tensor expected, Tensor actual, double tolerance) {
    assertEquals(expected.shape(), actual.shape());
    assertArrayEquals(expected.toDoubleArray(), actual.toDoubleArray(), tolerance);
  }

  public static void same(Tensor expected, Tensor actual) {
    assertEquals(expected.spec(), actual.spec());
    assertArrayEquals(expected.toDoubleArray(), actual.toDoubleArray());
  }

  public static void view(Tensor x, Tensor base) {
    assertTrue(x.sharesStorageWith(base), () -> x + " does not share storage");
  }

  /// An error of one kind whose message names the operator first and has all `parts`.
  public static void error(
      Class<? extends Exception> kind, Executable call, String operator, String... parts) {
    String message = String.valueOf(assertThrows(kind, call).getMessage());
    assertTrue(message.startsWith(operator + ": "), message);
    for (String part : parts) {
      assertTrue(
          message.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT)),
          () -> message + " has no '" + part + "'");
    }
  }
}
