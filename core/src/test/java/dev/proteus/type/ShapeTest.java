package dev.proteus.type;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.ShapeException;
import dev.proteus.error.TensorIndexException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Sizes and how they combine.
final class ShapeTest {
  @Test
  void countsElements() {
    assertEquals(1, Shape.SCALAR.numel());
    assertEquals(24, Shape.of(2, 3, 4).numel());
    assertEquals(0, Shape.of(2, 0, 4).numel());
    assertEquals(Shape.SCALAR, Shape.of());
    assertEquals(List.of(2L, 3L), Shape.of(2, 3).toList());
  }

  @Test
  void refusesSizesThatAreNone() {
    assertThrows(ShapeException.class, () -> Shape.of(2, -1));
    assertThrows(ShapeException.class, () -> Shape.of(1L << 32, 1L << 32));
    assertThrows(ShapeException.class, () -> Shape.of(1L << 62, 2));
  }

  @Test
  @DisplayName("VW-5, DT-34 axes count from both ends and stay in range")
  void axesCountFromBothEnds() {
    Shape shape = Shape.of(2, 3, 4);
    assertEquals(2, shape.axis(-1, "test"));
    assertEquals(0, shape.axis(-3, "test"));
    assertEquals(0, Shape.SCALAR.axis(-1, "test"));
    var high = assertThrows(TensorIndexException.class, () -> shape.axis(3, "sum"));
    assertEquals("sum: axis 3 is out of range for [2, 3, 4]; expected -3 to 2", high.getMessage());
    assertThrows(TensorIndexException.class, () -> shape.axis(-4, "sum"));
    assertThrows(TensorIndexException.class, () -> Shape.SCALAR.axis(1, "sum"));
    assertThrows(TensorIndexException.class, () -> Shape.SCALAR.size(-1));
  }

  @Test
  void editsAxes() {
    Shape shape = Shape.of(2, 3, 4);
    assertEquals(Shape.of(2, 5, 4), shape.with(1, 5));
    assertEquals(Shape.of(2, 4), shape.without(-2));
    assertEquals(Shape.of(2, 3, 4, 1), shape.insert(3, 1));
    assertEquals(Shape.of(1, 2, 3, 4), shape.insert(0, 1));
    assertEquals(Shape.of(3, 4), shape.slice(1, 3));
    assertEquals(Shape.of(2, 3, 4, 5), shape.concat(Shape.of(5)));
  }

  @Test
  @DisplayName("BC-1 shapes broadcast from their ends")
  void broadcasting() {
    assertEquals(Shape.of(2, 3), Shape.broadcast(Shape.of(2, 3), Shape.of(3), "add"));
    assertEquals(Shape.of(2, 3), Shape.broadcast(Shape.of(2, 1), Shape.of(1, 3), "add"));
    assertEquals(Shape.of(5, 2, 3), Shape.broadcast(Shape.of(2, 1), Shape.of(5, 1, 3), "add"));
    assertEquals(Shape.of(0, 3), Shape.broadcast(Shape.of(0, 3), Shape.of(1, 3), "add"));
    assertEquals(Shape.of(4), Shape.broadcast(Shape.SCALAR, Shape.of(4), "add"));
    var e =
        assertThrows(
            ShapeException.class, () -> Shape.broadcast(Shape.of(2, 3), Shape.of(4), "add"));
    assertEquals(
        "add: sizes differ at axis 1: a is [2, 3], b is [4]; they must be equal there, or one of"
            + " them 1",
        e.getMessage());
    assertThrows(ShapeException.class, () -> Shape.broadcast(Shape.of(0), Shape.of(2), "add"));
  }

  /// A shape expands to what it broadcasts to without changing that.
  @Test
  void expandsToIsBroadcastingOneWay() {
    List<Shape> shapes =
        List.of(
            Shape.SCALAR,
            Shape.of(1),
            Shape.of(3),
            Shape.of(2, 3),
            Shape.of(2, 1),
            Shape.of(1, 3),
            Shape.of(0),
            Shape.of(2, 0),
            Shape.of(4, 2, 3));
    for (Shape from : shapes) {
      for (Shape to : shapes) {
        boolean expands;
        try {
          expands = Shape.broadcast(from, to, "test").equals(to);
        } catch (ShapeException e) {
          expands = false;
        }
        assertEquals(expands, from.expandsTo(to), () -> from + " to " + to);
      }
    }
  }

  @Test
  void shapesAreValues() {
    assertEquals(Shape.of(2, 3), Shape.of(List.of(2L, 3L)));
    assertEquals(Shape.of(2, 3).hashCode(), Shape.of(2, 3).hashCode());
    assertFalse(Shape.of(2, 3).equals(Shape.of(3, 2)));
    long[] sizes = {2, 3};
    Shape shape = Shape.of(sizes);
    sizes[0] = 9;
    shape.toArray()[0] = 9;
    assertTrue(shape.equals(Shape.of(2, 3)));
  }
}
