package dev.proteus.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.DTypeException;
import dev.proteus.error.ShapeException;
import dev.proteus.error.TensorIndexException;
import dev.proteus.reference.OnReference;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.util.Arrays;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Tables, dropout and small things of neural networks.
@ExtendWith(OnReference.class)
class EmbeddingTest {
  private static void check(Tensor got, double... wanted) {
    assertArrayEquals(wanted, got.toDoubleArray(), 1e-6);
  }

  @Test
  @DisplayName("5.1, 8.9: idx[*] of w[V, D] is [*, D]; out of range is an index error")
  void embedding() {
    Tensor table = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 3, 2);
    Tensor rows = table.embedding(Tensor.of(new long[] {2, 0, 2, 1}, 2, 2));
    assertEquals(Shape.of(2, 2, 2), rows.shape());
    check(rows, 5, 6, 1, 2, 5, 6, 3, 4);
    check(table.embedding(Tensor.of(new int[] {1}, 1)), 3, 4);
    assertThrows(TensorIndexException.class, () -> table.embedding(Tensor.of(3L)));
    assertThrows(TensorIndexException.class, () -> table.embedding(Tensor.of(-1L)));
    assertThrows(DTypeException.class, () -> table.embedding(Tensor.of(1.0)));
    assertThrows(ShapeException.class, () -> table.flatten().embedding(Tensor.of(1L)));
  }

  @Test
  void paddingGetsNoGradient() {
    Tensor table = Tensor.ones(3, 2).requiresGrad_(true);
    Tensor index = Tensor.of(2L, 0, 2);
    table.embedding(index, OptionalLong.of(-3)).backward(Tensor.ones(3, 2));
    check(table.grad().orElseThrow(), 0, 0, 0, 0, 2, 2);
    new GradientCheck(x -> x.get(0).embedding(index)).with(3, 2).check();
  }

  @Test
  @DisplayName("8.9: dropout's p is from 0 to 1")
  void probability() {
    Tensor x = Tensor.ones(4);
    assertThrows(IllegalArgumentException.class, () -> x.dropout(1.1, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> x.alphaDropout(Double.NaN, 0, 0));
    check(x.dropout(0, 0, 0), 1, 1, 1, 1);
    check(x.dropout(1, 0, 0), 0, 0, 0, 0);
    check(x.alphaDropout(0, 0, 0), 1, 1, 1, 1);
  }

  @Test
  void dropoutDependsOnSeedAndOffsetAlone() {
    Tensor x = Tensor.ones(50, 40);
    double[] first = x.dropout(0.25, 7, 0).toDoubleArray();
    assertArrayEquals(first, x.dropout(0.25, 7, 0).toDoubleArray());
    assertTrue(!Arrays.equals(first, x.dropout(0.25, 7, 4).toDoubleArray()));
    long dropped = Arrays.stream(first).filter(v -> v == 0).count();
    assertEquals(500.0, (double) dropped, 80.0);
    assertEquals(4 / 3.0, Arrays.stream(first).max().orElseThrow(), 1e-6);
  }

  @Test
  void dropoutsGradientIsItsMask() {
    Tensor x = Tensor.ones(100).requiresGrad_(true);
    Tensor y = x.dropout(0.5, 3, 0);
    y.backward(Tensor.ones(100));
    assertArrayEquals(y.toDoubleArray(), x.grad().orElseThrow().toDoubleArray());
  }

  @Test
  void featureDropoutDropsWholeChannels() {
    Tensor sums = Tensor.ones(10, 10, 3).featureDropout(0.5, 1, 0).sum(2);
    assertTrue(Arrays.stream(sums.toDoubleArray()).allMatch(v -> v == 0 || v == 6));
    assertTrue(Arrays.stream(sums.toDoubleArray()).anyMatch(v -> v == 0));
  }

  @Test
  void alphaDropoutKeepsMeanAndVariance() {
    Tensor x = Tensor.randn(100, 100).alphaDropout(0.3, 5, 0);
    assertEquals(0, x.mean().item(), 0.05);
    assertEquals(1, x.std().item(), 0.05);
  }

  @Test
  void gate() {
    Tensor x = Tensor.of(1.0, 2, 0, 100);
    check(x.glu(0), 0.5, 2);
    assertThrows(ShapeException.class, () -> Tensor.ones(3).glu(0));
  }

  @Test
  void lengthsAndAngles() {
    Tensor x = Tensor.of(new double[] {3, 4, 0, 0}, 2, 2);
    Tensor y = Tensor.of(new double[] {4, 3, 1, 1}, 2, 2);
    check(x.cosineSimilarity(y, 1, 1e-8), 0.96, 0);
    check(x.normalize(2, 1, 1e-12), 0.6, 0.8, 0, 0);
    check(x.pairwiseDistance(y, 1, 0), 2, 2);
    new GradientCheck(v -> v.get(0).cosineSimilarity(v.get(1), 0, 1e-8)).with(3).with(3).check();
    new GradientCheck(v -> v.get(0).normalize(2, 1, 1e-12)).with(2, 3).check();
  }

  @Test
  void typeIsKept() {
    assertEquals(DType.BFLOAT16, Tensor.ones(3).to(DType.BFLOAT16).dropout(0.5, 0, 0).dtype());
  }
}
