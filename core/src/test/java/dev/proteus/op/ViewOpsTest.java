package dev.proteus.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.proteus.error.ShapeException;
import dev.proteus.error.TensorIndexException;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Operators that read the same elements in another way.
class ViewOpsTest {
  private static List<Long> sizes(List<Tensor> pieces, int axis) {
    return pieces.stream().map(piece -> piece.size(axis)).toList();
  }

  @Test
  @DisplayName("VW-1: views share the storage of what they read")
  void viewsShare() {
    Tensor x = Expect.count(2, 3, 4);
    List<Tensor> views =
        List.of(
            x.select(1, -1),
            x.slice(2, 1, 3),
            x.narrow(0, 1, 1),
            x.transpose(0, 2),
            x.permute(2, 0, 1),
            x.mT(),
            x.moveAxis(0, -1),
            x.unsqueeze(0).expand(5, -1, 3, 4),
            x.squeeze(),
            x.squeeze(0),
            x.unsqueeze(-1),
            x.view(6, 4),
            x.diagonal(0, 1, 2),
            x.unfold(2, 2, 1),
            x.split(2, 2).getLast(),
            x.chunk(2, 1).getFirst(),
            x.unbind(0).getLast(),
            x.tensorSplit(2, 1).getFirst());
    for (Tensor view : views) {
      Expect.view(view, x);
      assertNotSame(x, view);
    }
    Expect.view(x.detach(), x);
    Expect.view(x.asStrided(Shape.of(2), 12), x);
    List<Tensor> copies =
        List.of(
            x.clone(),
            x.mT().contiguous(),
            x.mT().reshape(24),
            x.repeat(1, 1, 1),
            x.indexSelect(0, Tensor.of(0L, 1L)),
            x.gather(0, Tensor.zeros(Shape.of(2, 3, 4), DType.INT64)),
            Tensor.cat(List.of(x), 0),
            x.flip(0));
    for (Tensor copy : copies) {
      assertFalse(copy.sharesStorageWith(x));
    }
  }

  @Test
  @DisplayName("VW-2: reshape and flatten give the tensor itself or a view where they can")
  void reshapeIsAView() {
    Tensor x = Expect.count(2, 3);
    assertSame(x, x.reshape(2, 3));
    Expect.view(x.reshape(3, -1), x);
    Expect.view(x.flatten(), x);
    Expect.values(x.t().reshape(6), 0, 3, 1, 4, 2, 5);
  }

  @Test
  @DisplayName("VW-3: one size may be -1, and the product must match")
  void openSizes() {
    Tensor x = Expect.count(2, 6);
    Expect.shape(x.reshape(-1), 12);
    Expect.shape(x.reshape(3, -1, 2), 3, 2, 2);
    Expect.shape(x.reshapeAs(Expect.count(4, 3)), 4, 3);
    Expect.error(ShapeException.class, () -> x.reshape(-1, -1), "reshape", "only one");
    Expect.error(ShapeException.class, () -> x.reshape(5, -1), "reshape", "[5, -1]", "[2, 6]");
    Expect.error(ShapeException.class, () -> x.reshape(5, 2), "reshape", "[5, 2]", "12");
    Tensor empty = Tensor.zeros(0, 3);
    Expect.error(ShapeException.class, () -> empty.reshape(0, -1), "reshape", "inferred");
    Expect.shape(empty.reshape(3, 0), 3, 0);
    Expect.error(ShapeException.class, () -> x.t().view(12), "view", "use reshape");
  }

  @Test
  @DisplayName("VW-4: expand repeats axes of size 1; -1 keeps, but not for new axes")
  void expand() {
    Tensor x = Expect.count(3, 1);
    Expect.values(x.expand(2, -1, 2), 0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2);
    assertEquals(0, x.expand(3, 4).layout().stride(1));
    Expect.error(ShapeException.class, () -> x.expand(-1, 3, 1), "expand", "new axis 0");
    Expect.error(ShapeException.class, () -> x.expand(4, 1), "expand", "[3, 1]", "[4, 1]");
    Expect.shape(x.expandAs(Expect.count(3, 7)), 3, 7);
    Expect.shape(x.broadcastTo(Shape.of(2, 3, 1)), 2, 3, 1);
  }

  @Test
  @DisplayName("VW-5: squeeze of another size is the identity; t() takes two axes at most")
  void squeezeAndT() {
    Tensor x = Expect.count(1, 3, 1);
    Expect.shape(x.squeeze(1), 1, 3, 1);
    Expect.shape(x.squeeze(-1), 1, 3);
    Expect.shape(x.squeeze(0, 2), 3);
    Expect.shape(x.squeeze(), 3);
    Expect.shape(Tensor.scalar(1).squeeze(0));
    Tensor row = Expect.count(3);
    assertSame(row, row.t());
    Expect.values(Expect.count(2, 2).t(), 0, 2, 1, 3);
    Expect.error(ShapeException.class, x::t, "t", "[1, 3, 1]");
    Expect.error(ShapeException.class, () -> Expect.count(2).mT(), "mT", "[2]");
  }

  @Test
  @DisplayName("VW-5: an axis out of range names the range")
  void axisErrors() {
    Tensor x = Expect.count(2, 3);
    Class<TensorIndexException> kind = TensorIndexException.class;
    Expect.error(kind, () -> x.transpose(0, 2), "transpose", "axis 2", "-2 to 1");
    Expect.error(kind, () -> x.unsqueeze(3), "unsqueeze", "axis 3", "-3 to 2");
    Expect.error(kind, () -> x.select(-3, 0), "select", "axis -3");
    Expect.error(kind, () -> x.flatten(0, 2), "flatten", "axis 2");
    Expect.error(kind, () -> Tensor.scalar(1).select(0, 0), "select", "no axes");
    Expect.error(kind, () -> Tensor.scalar(1).slice(0, 0, 1), "slice", "no axes");
    Expect.error(ShapeException.class, () -> x.permute(0, 0), "permute", "twice");
    Expect.error(ShapeException.class, () -> x.permute(0), "permute", "[0]", "[2, 3]");
    Expect.error(ShapeException.class, () -> x.flatten(1, 0), "flatten", "after");
  }

  @Test
  void orders() {
    Tensor x = Expect.count(2, 3, 4);
    Expect.same(x.permute(2, 0, 1), x.moveAxis(-1, 0));
    Expect.same(x.permute(1, 2, 0), x.moveAxis(0, 2));
    Expect.same(x.permute(2, 1, 0), x.moveAxes(new int[] {0, 2}, new int[] {2, 0}));
    Expect.same(x.transpose(1, 2), x.mT());
    Expect.same(x.transpose(0, 1), x.swapAxes(1, 0));
    Expect.values(Expect.count(2, 3).t(), 0, 3, 1, 4, 2, 5);
    Expect.shape(Tensor.scalar(2).transpose(0, -1));
    Expect.error(
        ShapeException.class,
        () -> x.moveAxes(new int[] {0}, new int[] {1, 2}),
        "moveAxes",
        "as many");
  }

  @Test
  void flattenAndUnflatten() {
    Tensor x = Expect.count(2, 3, 4);
    Expect.shape(x.flatten(1, -1), 2, 12);
    Expect.shape(x.flatten(1, 1), 2, 3, 4);
    Expect.shape(Tensor.scalar(1).flatten(0, -1), 1);
    Expect.same(x, x.flatten(0, 1).unflatten(0, 2, -1));
    Expect.error(ShapeException.class, () -> x.unflatten(2, 3, 2), "unflatten", "axis 2");
  }

  @Test
  @DisplayName("IX-1: select takes indices from the end, and refuses others")
  void select() {
    Tensor x = Expect.count(2, 3);
    Expect.values(x.select(1, -1), 2, 5);
    Expect.error(TensorIndexException.class, () -> x.select(1, 3), "select", "index 3", "-3 to 2");
  }

  @Test
  @DisplayName("IX-2: slices are moved into their axis, and step forward")
  void slice() {
    Tensor x = Expect.count(6);
    Expect.values(x.slice(0, 1, 4), 1, 2, 3);
    Expect.values(x.slice(0, -2, Long.MAX_VALUE), 4, 5);
    Expect.values(x.slice(0, -99, 99, 4), 0, 4);
    Expect.values(x.slice(0, 1, 6, 2), 1, 3, 5);
    Expect.values(x.slice(0, 4, 2));
    Expect.values(x.slice(0, 9, 12));
    Expect.error(IllegalArgumentException.class, () -> x.slice(0, 0, 6, -1), "slice", "step -1");
    Expect.error(IllegalArgumentException.class, () -> x.slice(0, 0, 6, 0), "slice", "step 0");
    Expect.values(x.narrow(0, -2, 2), 4, 5);
    Expect.error(ShapeException.class, () -> x.narrow(0, 5, 2), "narrow", "start 5", "length 2");
  }

  @Test
  void windowsAndDiagonals() {
    Expect.values(Expect.count(5).unfold(0, 3, 2), 0, 1, 2, 2, 3, 4);
    Expect.shape(Expect.count(2, 5).unfold(1, 2, 1), 2, 4, 2);
    Tensor x = Expect.count(3, 4);
    Expect.values(x.diagonal(), 0, 5, 10);
    Expect.values(x.diagonal(1, 0, 1), 1, 6, 11);
    Expect.values(x.diagonal(-1, 0, 1), 4, 9);
    Expect.values(x.diagonal(1, 1, 0), 4, 9);
    Expect.shape(x.diagonal(9, 0, 1), 0);
    Expect.shape(Expect.count(2, 3, 3).diagonal(0, -2, -1), 2, 3);
  }

  @Test
  @DisplayName("VW-7: split, chunk and tensorSplit divide as PyTorch does")
  void pieces() {
    Tensor x = Expect.count(5);
    assertEquals(List.of(2L, 2L, 1L), sizes(x.split(2, 0), 0));
    assertEquals(List.of(2L, 2L, 1L), sizes(x.chunk(4, 0), 0));
    assertEquals(List.of(2L, 2L, 1L), sizes(x.tensorSplit(3, 0), 0));
    assertEquals(List.of(1L, 0L, 4L), sizes(x.split(new long[] {1, 0, 4}, 0), 0));
    assertEquals(List.of(1L, 2L, 2L), sizes(x.tensorSplit(new long[] {1, 3}, 0), 0));
    assertEquals(List.of(4L, 0L, 2L), sizes(x.tensorSplit(new long[] {-1, 3}, 0), 0));
    assertEquals(List.of(0L), sizes(Tensor.zeros(0).split(3, 0), 0));
    assertEquals(List.of(0L, 0L), sizes(Tensor.zeros(0).chunk(2, 0), 0));
    assertEquals(List.of(1L, 1L, 0L), sizes(Expect.count(2).tensorSplit(3, 0), 0));
    assertEquals(3, Expect.count(3, 2).unbind(0).size());
    Expect.values(Expect.count(3, 2).unbind(1).getLast(), 1, 3, 5);
    Expect.error(
        ShapeException.class, () -> x.split(new long[] {2, 2}, 0), "split", "[2, 2]", "[5]");
    Expect.error(ShapeException.class, () -> x.split(0, 0), "split", "positive");
    Expect.error(IllegalArgumentException.class, () -> x.chunk(0, 0), "chunk", "0 chunks");
  }

  @Test
  @DisplayName("AG-23: writes through a chain of views reach the base")
  void writesThroughViews() {
    Tensor x = Tensor.zeros(Shape.of(2, 3), DType.INT64);
    x.t().select(0, 1).fill_(7);
    x.slice(1, 2, 3).squeeze(1).add_(1);
    Expect.values(x, 0, 7, 1, 0, 7, 1);
  }

  @Test
  void gradients() {
    double[] values = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    new GradientCheck(
            x -> {
              Tensor a = x.getFirst();
              return a.square()
                  .permute(2, 0, 1)
                  .slice(0, 0, 3, 2)
                  .unfold(2, 2, 1)
                  .flatten(1, -1)
                  .unsqueeze(1)
                  .expand(2, 2, 4)
                  .diagonal(0, 0, 1)
                  .t()
                  .mul(a.select(2, 1).narrow(1, 0, 1));
            })
        .with(values, 2, 2, 3)
        .check();
  }
}
