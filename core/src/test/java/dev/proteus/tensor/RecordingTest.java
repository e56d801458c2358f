package dev.proteus.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.AutogradException;
import dev.proteus.error.StaleGraphException;
import dev.proteus.error.TensorException;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Modes of recording: anomaly detection, inference, hooks of saved tensors.
class RecordingTest {
  private static Tensor leaf(double... values) {
    return Tensor.of(values).requiresGrad_(true);
  }

  private static double[] grad(Tensor tensor) {
    return tensor.grad().orElseThrow().toDoubleArray();
  }

  private static String message(Throwable error) {
    return String.valueOf(error.getMessage());
  }

  /// The derivative of the root at 0 is infinite; times 0 it is NaN.
  private static Tensor zeroTimesRoot(Tensor x) {
    return x.sqrt().mul(Tensor.of(0.0, 1.0)).sum();
  }

  private static boolean showsThisClass(Throwable thrown) {
    return Arrays.stream(thrown.getStackTrace())
        .anyMatch(frame ->
            frame.getClassName().equals(RecordingTest.class.getName())
                && frame.getMethodName().equals("zeroTimesRoot"));
  }

  @Test
  @DisplayName("AG-19 the first NaN of a backward pass names its call and where it was made")
  void anomaly() {
    Tensor x = leaf(0, 4);
    zeroTimesRoot(x).backward();
    assertTrue(Double.isNaN(grad(x)[0]));
    x.clearGrad();
    AutogradException error =
        assertThrows(
            AutogradException.class, () -> Scope.detectAnomaly(() -> zeroTimesRoot(x).backward()));
    assertTrue(message(error).startsWith("sqrt: "), message(error));
    assertTrue(message(error).contains("NaN"), message(error));
    Throwable cause = error.getCause();
    assertNotNull(cause);
    assertTrue(showsThisClass(cause));
    assertTrue(x.grad().isEmpty());
  }

  @Test
  @DisplayName("AG-19 a call made before the watch is named without a place")
  void anomalyWithoutOrigin() {
    Tensor loss = zeroTimesRoot(leaf(0, 4));
    AutogradException error =
        assertThrows(AutogradException.class, () -> Scope.detectAnomaly(() -> loss.backward()));
    assertNull(error.getCause());
    assertTrue(message(error).contains("detectAnomaly"), message(error));
  }

  @Test
  @DisplayName("AG-19 an error of a derivative tells where the call was made, too")
  void anomalyOfErrors() {
    Tensor x = leaf(0, 4);
    Tensor y = leaf(1, 1).mul(1.0);
    StaleGraphException error =
        assertThrows(
            StaleGraphException.class,
            () ->
                Scope.detectAnomaly(() -> {
                  Tensor loss = x.mul(y).sum();
                  y.add_(1.0);
                  loss.backward();
                }));
    assertEquals("mul was called here", error.getSuppressed()[0].getMessage());
  }

  @Test
  @DisplayName("AG-31 what inference made can be read, but not written, kept or made a leaf")
  void inference() {
    Tensor w = leaf(2, 3);
    Tensor y = Scope.inference(() -> w.mul(w));
    assertTrue(y.isInference());
    assertTrue(y.isLeaf());
    assertFalse(y.requiresGrad());
    assertThrows(AutogradException.class, y::version);
    assertThrows(AutogradException.class, () -> y.add_(1.0));
    assertThrows(AutogradException.class, () -> Scope.noGrad(() -> y.add_(1.0)));
    assertThrows(AutogradException.class, () -> y.requiresGrad_(true));
    assertThrows(AutogradException.class, () -> w.mul(y));
    assertArrayEquals(new double[] {4, 9}, y.toDoubleArray());
    w.add(y).sum().backward();
    assertArrayEquals(new double[] {1, 1}, grad(w));
  }

  @Test
  @DisplayName("AG-31 a clone of an inference tensor is an ordinary one")
  void cloneOfInference() {
    Tensor w = leaf(2, 3);
    Tensor y = Scope.inference(() -> w.mul(w)).clone();
    assertFalse(y.isInference());
    w.mul(y).sum().backward();
    assertArrayEquals(new double[] {4, 9}, grad(w));
    y.add_(1.0);
    assertEquals(1, y.version());
  }

  @Test
  @DisplayName(
      "AG-31 inside, tensors are written freely, composites too, and noGrad changes nothing")
  void insideInference() {
    Tensor ordinary = Tensor.of(1.0, 2.0);
    Scope.inference(() -> {
      Tensor y = ordinary.softmax(0);
      assertTrue(y.isInference());
      y.add_(1.0);
      Scope.noGrad(() -> {
        assertEquals(Scope.Grad.INFERENCE, Scope.grad());
        y.add_(1.0);
      });
      assertFalse(ordinary.select(0, 1).isInference());
      ordinary.add_(1.0);
    });
    assertEquals(1, ordinary.version());
    assertEquals(Scope.Grad.ENABLED, Scope.grad());
  }

  @Test
  @DisplayName("AG-43 saved tensors are packed when a call is made and unpacked by backward")
  void hooks() {
    List<String> seen = new ArrayList<>();
    Tensor x = leaf(1.001, 2);
    Tensor loss =
        Scope.savedTensorHooks(
            saved -> {
              seen.add("pack " + saved.shape());
              return saved.to(DType.BFLOAT16);
            },
            packed -> {
              seen.add("unpack " + packed.shape());
              return packed.to(DType.FLOAT32);
            },
            () -> x.mul(x).sum());
    assertEquals(List.of("pack [2]", "pack [2]"), seen);
    loss.backward();
    assertEquals(List.of("unpack [2]", "unpack [2]"), seen.subList(2, 4));
    assertArrayEquals(new double[] {2, 4}, grad(x), "1.001 rounds to 1 in bfloat16");
  }

  @Test
  @DisplayName("AG-43 a packed tensor may be the tensor itself, and is then watched for writes")
  void identityHooks() {
    Tensor x = leaf(1, 2);
    Tensor y = x.mul(3.0);
    Tensor loss = Scope.savedTensorHooks(saved -> saved, saved -> saved, () -> y.mul(y).sum());
    y.add_(1.0);
    assertThrows(StaleGraphException.class, loss::backward);
    Tensor other = Scope.savedTensorHooks(saved -> saved, saved -> saved, () -> x.gelu().exp());
    other.sum().backward();
    Tensor plain = leaf(1, 2);
    plain.gelu().exp().sum().backward();
    assertArrayEquals(grad(plain), grad(x));
  }

  @Test
  @DisplayName("AG-43 packing frees the original where memory is scoped, and so does the end")
  void hooksAndMemory() {
    Tensor x = leaf(1, 2);
    for (int i = 0; i < 2; i++) {
      Scope.memory(() -> {
        Tensor loss =
            Scope.savedTensorHooks(
                saved -> saved.to(DType.FLOAT64),
                packed -> packed.to(DType.FLOAT32),
                () -> x.exp().log().mul(x).sum());
        loss.backward();
      });
    }
    assertArrayEquals(new double[] {4, 8}, grad(x), 1e-6);
  }

  @Test
  @DisplayName("AG-43 what is saved beside values, such as classes, may stay as it is")
  void hooksOfALoss() {
    Tensor x = Tensor.of(new double[][] {{1, 2, 4}, {0.5, 0, -1}}).requiresGrad_(true);
    Tensor loss =
        Scope.savedTensorHooks(
            saved -> saved.dtype() == DType.FLOAT32 ? saved.to(DType.BFLOAT16) : saved,
            packed -> packed.dtype() == DType.BFLOAT16 ? packed.to(DType.FLOAT32) : packed,
            () -> x.crossEntropy(Tensor.of(2L, 0L)));
    loss.backward();
    double[] packed = grad(x);
    x.clearGrad();
    x.crossEntropy(Tensor.of(2L, 0L)).backward();
    assertArrayEquals(grad(x), packed, 1e-2);
  }

  @Test
  @DisplayName("AG-43 second derivatives unpack into the graph")
  void hooksTwice() {
    Tensor x = leaf(3);
    BackwardOptions create = BackwardOptions.DEFAULT.withGraph(BackwardOptions.Graph.CREATE);
    Tensor second =
        Scope.savedTensorHooks(
            saved -> saved.clone(),
            saved -> saved,
            () -> {
              Tensor y = x.mul(x).mul(x);
              Tensor once = Tensor.grad(List.of(y), List.of(x), List.of(), create).getFirst();
              return Tensor.grad(once, List.of(x)).getFirst();
            });
    assertArrayEquals(new double[] {18}, second.toDoubleArray());
  }

  @Test
  @DisplayName("AG-43 pack must not write into its tensor, unpack must give back what was saved")
  void wrongHooks() {
    Tensor x = leaf(1, 2);
    assertThrows(
        AutogradException.class,
        () -> Scope.savedTensorHooks(saved -> saved.add_(1.0), s -> s, () -> x.mul(2.0).exp()));
    Tensor loss =
        Scope.savedTensorHooks(
            saved -> saved, saved -> saved.to(DType.FLOAT64), () -> x.mul(x).sum());
    AutogradException error = assertThrows(AutogradException.class, loss::backward);
    assertTrue(message(error).contains("unpack"), message(error));
    Tensor meta = Scope.savedTensorHooks(s -> s, s -> s.to(Device.META), () -> x.mul(x).sum());
    assertThrows(TensorException.class, meta::backward);
  }
}
