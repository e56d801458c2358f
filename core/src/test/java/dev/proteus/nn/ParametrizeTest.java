package dev.proteus.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.NoDataException;
import dev.proteus.error.ShapeException;
import dev.proteus.error.StateDictException;
import dev.proteus.linalg.Linalg;
import dev.proteus.optim.Sgd;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Parameters that are computed from others.
class ParametrizeTest {
  private static final Parametrization DOUBLED = doubled();

  private static Parametrization doubled() {
    return Parametrization.of(w -> w.mul(2));
  }

  /// Exactly invertible: the value stays what it was.
  private static Parametrization exponential() {
    return Parametrization.of(Tensor::exp, Tensor::log);
  }

  private static Linear linear() {
    Linear layer = new Linear(2, 2);
    Scope.noGrad(() -> layer.weight().copy_(Tensor.of(new double[][] {{1, 2}, {3, 4}})));
    Scope.noGrad(() -> layer.bias().orElseThrow().zero_());
    return layer;
  }

  private static String message(Class<? extends Exception> type, Executable call) {
    return String.valueOf(assertThrows(type, call).getMessage());
  }

  private static void close(double[] expected, Tensor actual) {
    assertArrayEquals(expected, actual.toDoubleArray(), 1e-5);
  }

  // ---- SD-70

  @Test
  void sd70TheHandleMovesAndTheWeightIsComputed() {
    Linear layer = linear();
    Parameter weight = layer.weight();
    Parametrize.register(layer, "weight", doubled());
    assertSame(weight, layer.parameter("parametrizations.weight.original"));
    assertEquals(
        List.of("bias", "parametrizations.weight.original"),
        List.copyOf(layer.namedParameters().keySet()));
    assertEquals(
        List.of("bias", "parametrizations.weight.original"),
        List.copyOf(layer.stateDict().tensors().keySet()));
    assertThrows(IllegalStateException.class, () -> layer.parameter("weight"));
    assertTrue(Parametrize.isParametrized(layer, "weight"));
    assertFalse(Parametrize.isParametrized(layer, "bias"));
    close(new double[] {6, 14}, layer.forward(Tensor.ones(1, 2)));
    close(new double[] {2, 4, 6, 8}, Parametrize.value(layer, "weight"));
    close(new double[] {1, 2, 3, 4}, weight);
    assertTrue(weight.isLeaf());
  }

  @Test
  void sd70GradientsReachTheOriginalAndAnOptimizerTrainsIt() {
    Linear layer = linear();
    Sgd sgd = new Sgd(layer.parameters(), 0.1);
    Parametrize.register(layer, "weight", doubled());
    layer.forward(Tensor.ones(1, 2)).sum().backward();
    close(new double[] {2, 2, 2, 2}, layer.weight().grad().orElseThrow());
    sgd.step();
    close(new double[] {0.8, 1.8, 2.8, 3.8}, layer.weight());
    close(new double[] {5.1, 13.1}, layer.forward(Tensor.ones(1, 2)));
  }

  @Test
  void sd70TrainingUnderAConstraintKeepsIt() {
    Linear layer = new Linear(3, 3, Bias.NONE);
    Parametrize.register(layer, "weight", Parametrization.of(w -> w.triu(1).add(w.triu(1).t())));
    Sgd sgd = new Sgd(layer.parameters(), 0.1);
    Tensor x = Tensor.randn(8, 3);
    Tensor target = x.matmul(Tensor.of(new double[][] {{0, 1, 2}, {1, 0, 3}, {2, 3, 0}}));
    double loss = 0;
    for (int i = 0; i < 300; i++) {
      sgd.zeroGrad();
      Tensor error = layer.forward(x).mseLoss(target);
      error.backward();
      sgd.step();
      loss = error.item();
    }
    assertTrue(loss < 0.05, "loss " + loss);
    Tensor value = Parametrize.value(layer, "weight").detach();
    assertArrayEquals(value.t().contiguous().toDoubleArray(), value.toDoubleArray());
  }

  @Test
  void sd70AChainAppliesInOrderAndConvolutionsKnowNothing() {
    Linear layer = linear();
    Parametrize.register(layer, "weight", doubled());
    Parametrize.register(layer, "weight", Parametrization.of(w -> w.add(1)));
    close(new double[] {3, 5, 7, 9}, Parametrize.value(layer, "weight"));
    Conv1d conv = new Conv1d(1, 1, 1);
    Parametrize.register(conv, "weight", Parametrization.of(Tensor::zerosLike));
    Parametrize.register(conv, "bias", Parametrization.of(Tensor::onesLike));
    close(new double[] {1, 1}, conv.forward(Tensor.randn(1, 1, 2)));
  }

  @Test
  void sd70ModulesMoveAndLoadWithTheirOriginals() {
    Sequential model = new Sequential(linear(), new Relu());
    Parametrize.register(model.module("0"), "weight", doubled());
    Sequential other = new Sequential(new Linear(2, 2), new Relu());
    Parametrize.register(other.module("0"), "weight", doubled());
    other.load(model.stateDict());
    model.to(DType.FLOAT64);
    Tensor x = Tensor.ones(1, 2);
    close(new double[] {6, 14}, other.forward(x));
    close(new double[] {6, 14}, model.forward(x.to(DType.FLOAT64)));
    StateDict plain = new Sequential(linear(), new Relu()).stateDict();
    assertThrows(StateDictException.class, () -> model.load(plain));
  }

  @Test
  void sd70ThreadsComputeSideBySide() {
    Linear layer = linear();
    Parametrize.register(layer, "weight", doubled());
    List<Double> sums =
        IntStream.range(0, 200)
            .parallel()
            .mapToObj(_ -> Scope.noGrad(() -> layer.forward(Tensor.ones(1, 2)).sum().item()))
            .toList();
    sums.forEach(sum -> assertEquals(20, sum, 1e-5));
  }

  private static final class Recursive extends Layer {
    private final Parameter factor = parameter("factor", Parameter.of(Tensor.of(3.0)));

    @Override
    protected Tensor compute(Tensor input) {
      return input.numel() == 1
          ? input.mul(factor)
          : forward(input.narrow(0, 0, 1)).add(Parametrize.value(this, "factor"));
    }
  }

  @Test
  void sd70AModuleThatCallsItselfIsParametrizedOnce() {
    Recursive layer = new Recursive();
    Parametrize.register(layer, "factor", doubled());
    close(new double[] {12}, layer.forward(Tensor.ones(2)));
  }

  @Test
  void sd70WhatCannotBeComputedIsRefused() {
    Linear layer = linear();
    assertTrue(
        message(IllegalStateException.class, () -> Parametrize.register(layer, "wieght", DOUBLED))
            .contains("[weight, bias]"));
    assertTrue(
        message(
                IllegalStateException.class,
                () -> Parametrize.register(Linear.lazy(2), "weight", DOUBLED))
            .contains("uninitialized"));
    assertThrows(
        IllegalStateException.class,
        () -> Parametrize.remove(layer, "weight", Parametrize.Leave.VALUE));
    assertThrows(IllegalStateException.class, () -> Parametrize.value(layer, "weight"));
  }

  @Test
  void to45OriginalsKeepTheirTypeWhereTheParameterDoes() {
    Linear layer = linear();
    layer.weight().pinDType();
    Parametrize.weightNorm(layer).to(DType.FLOAT64);
    assertEquals(DType.FLOAT32, Parametrize.value(layer, "weight").dtype());
    assertEquals(DType.FLOAT64, layer.parameter("bias").dtype());
    Parametrize.remove(layer, "weight", Parametrize.Leave.VALUE);
    assertEquals(DType.FLOAT32, layer.to(DType.FLOAT64).parameter("weight").dtype());
  }

  // ---- SD-71, SW-62

  @Test
  void sd71RemovalWritesTheValueIntoTheSameHandle() {
    Linear layer = linear();
    Parameter weight = layer.weight();
    List<String> names = List.copyOf(layer.stateDict().tensors().keySet());
    String text = layer.toString();
    Parametrize.register(layer, "weight", doubled());
    layer.forward(Tensor.ones(1, 2)).sum().backward();
    Parametrize.remove(layer, "weight", Parametrize.Leave.VALUE);
    assertSame(weight, layer.parameter("weight"));
    close(new double[] {2, 4, 6, 8}, weight);
    assertTrue(weight.isLeaf() && weight.requiresGrad());
    assertTrue(weight.grad().isEmpty(), "the gradient was the original's");
    assertEquals(names, List.copyOf(layer.stateDict().tensors().keySet()), "in the same order");
    assertEquals(text, layer.toString());
    close(new double[] {6, 14}, layer.forward(Tensor.ones(1, 2)));
    Sgd sgd = new Sgd(layer.parameters(), 1);
    layer.forward(Tensor.ones(1, 2)).sum().backward();
    sgd.step();
    close(new double[] {1, 3, 5, 7}, weight);
  }

  @Test
  void sd71TheOriginalMayBeLeftInstead() {
    Linear layer = linear();
    Parametrize.register(layer, "weight", doubled());
    Parametrize.register(layer, "bias", doubled());
    Parametrize.remove(layer, "weight", Parametrize.Leave.ORIGINAL);
    close(new double[] {1, 2, 3, 4}, layer.parameter("weight"));
    assertTrue(Parametrize.isParametrized(layer, "bias"));
    Parametrize.remove(layer, "bias", Parametrize.Leave.ORIGINAL);
    assertEquals(List.of("weight", "bias"), List.copyOf(layer.namedParameters().keySet()));
    assertTrue(layer.children().isEmpty());
  }

  @Test
  void sd71AnIdentityLeavesAStorageOfItsOwn() {
    Linear layer = linear();
    Parametrize.register(layer, "weight", Parametrization.of(w -> w));
    Parametrize.remove(layer, "weight", Parametrize.Leave.VALUE);
    close(new double[] {1, 2, 3, 4}, layer.weight());
  }

  @Test
  void sw62AnInverseIsWrittenBackByReplacement() {
    Linear layer = linear();
    Parameter weight = layer.weight();
    Sgd sgd = new Sgd(layer.parameters(), 0.1);
    Tensor alias = weight.detach();
    Parametrize.register(layer, "weight", exponential());
    assertSame(weight, layer.parameter("parametrizations.weight.original"));
    close(new double[] {0, Math.log(2), Math.log(3), Math.log(4)}, weight);
    close(new double[] {1, 2, 3, 4}, Parametrize.value(layer, "weight"));
    close(new double[] {1, 2, 3, 4}, alias);
    assertFalse(alias.sharesStorageWith(weight), "the content was replaced, not written");
    layer.forward(Tensor.ones(1, 2)).sum().backward();
    sgd.step();
    close(new double[] {-0.1, Math.log(2) - 0.2, Math.log(3) - 0.3, Math.log(4) - 0.4}, weight);
  }

  // ---- SD-72

  @Test
  void sd72AnotherShapeOrTypeIsRefusedAndNothingChanges() {
    Linear layer = linear();
    for (Parametrization bad :
        List.of(
            Parametrization.of(w -> w.narrow(0, 0, 1)),
            Parametrization.of(w -> w.to(DType.FLOAT64)))) {
      String text =
          message(IllegalArgumentException.class, () -> Parametrize.register(layer, "weight", bad));
      assertTrue(text.contains("'weight'") && text.contains("float32[2, 2]"), text);
      assertEquals(List.of("weight", "bias"), List.copyOf(layer.namedParameters().keySet()));
      Parametrize.register(layer, "weight", doubled());
      assertThrows(
          IllegalArgumentException.class, () -> Parametrize.register(layer, "weight", bad));
      close(new double[] {2, 4, 6, 8}, Parametrize.value(layer, "weight"));
      Parametrize.remove(layer, "weight", Parametrize.Leave.ORIGINAL);
    }
  }

  @Test
  void sd72UnsafeIsUpToTheCaller() {
    Linear layer = new Linear(2, 2, Bias.NONE);
    Parameter weight = layer.weight();
    Parametrize.register(
        layer, "weight", Parametrization.of(w -> w.narrow(0, 0, 1)), Parametrize.Safety.UNSAFE);
    assertEquals(Shape.of(5, 1), layer.forward(Tensor.ones(5, 2)).shape());
    Parametrize.remove(layer, "weight", Parametrize.Leave.VALUE);
    assertSame(weight, layer.weight());
    assertEquals(Shape.of(1, 2), weight.shape());
  }

  // ---- caching

  @Test
  void aCachedValueIsComputedOnceForEachModeAndOutlivesInnerScopes() {
    AtomicInteger calls = new AtomicInteger();
    Linear layer = linear();
    Parametrize.register(
        layer,
        "weight",
        Parametrization.of(w -> {
          calls.incrementAndGet();
          return w.mul(2);
        }));
    calls.set(0);
    List<Tensor> values = new ArrayList<>();
    Parametrize.cached(() -> {
      Scope.noGrad(() -> Scope.memory(() -> layer.forward(Tensor.ones(1, 2))));
      Scope.noGrad(() -> close(new double[] {6, 14}, layer.forward(Tensor.ones(1, 2))));
      assertEquals(1, calls.get());
      values.add(Parametrize.value(layer, "weight"));
      layer.forward(Tensor.ones(1, 2)).sum().backward();
      assertSame(values.getFirst(), Parametrize.value(layer, "weight"));
      assertEquals(2, calls.get(), "a value without history does not serve training");
      return values;
    });
    close(new double[] {2, 2, 2, 2}, layer.weight().grad().orElseThrow());
    assertNotSame(values.getFirst(), Parametrize.value(layer, "weight"));
    assertEquals(3, calls.get());
  }

  // ---- built in

  @Test
  void sd70WeightNormLearnsLengthAndDirectionApart() {
    Linear layer = Parametrize.weightNorm(linear());
    assertEquals(
        List.of("bias", "parametrizations.weight.original0", "parametrizations.weight.original1"),
        List.copyOf(layer.stateDict().tensors().keySet()));
    close(new double[] {1, 2, 3, 4}, Parametrize.value(layer, "weight"));
    close(new double[] {Math.sqrt(5), 5}, layer.parameter("parametrizations.weight.original0"));
    close(new double[] {3, 7}, layer.forward(Tensor.ones(1, 2)));
    layer.forward(Tensor.ones(1, 2)).sum().backward();
    close(
        new double[] {3 / Math.sqrt(5), 7.0 / 5},
        layer.parameter("parametrizations.weight.original0").grad().orElseThrow());
    assertThrows(NoDataException.class, () -> layer.weight().toDoubleArray());
    assertTrue(layer.toString().startsWith("Linear(in=2, out=2"), layer.toString());
    assertThrows(
        IllegalArgumentException.class,
        () -> Parametrize.remove(layer, "weight", Parametrize.Leave.ORIGINAL));
    Parameter handle = layer.weight();
    Parametrize.remove(layer, "weight", Parametrize.Leave.VALUE);
    assertSame(handle, layer.parameter("weight"));
    close(new double[] {1, 2, 3, 4}, handle);
    assertTrue(handle.requiresGrad());
  }

  private static void orthonormal(Tensor matrix, double tolerance) {
    boolean isWide = matrix.size(-2) < matrix.size(-1);
    Tensor tall = isWide ? matrix.mT() : matrix;
    Tensor gram = tall.mT().matmul(tall);
    Tensor off = gram.sub(Tensor.eye(gram.size(-1)).to(gram.dtype()));
    assertEquals(0, off.abs().max().item(), tolerance, () -> "WᵀW = " + gram);
  }

  @ParameterizedTest
  @CsvSource({"3, 5", "5, 3", "4, 4", "1, 3"})
  void sd70AnOrthogonalWeightStaysSoWhileItIsLearned(int in, int out) {
    Linear layer = Parametrize.orthogonal(new Linear(in, out, Bias.NONE));
    Linear goal = Parametrize.orthogonal(new Linear(in, out, Bias.NONE));
    goal.load(layer.stateDict());
    Parameter turn = goal.parameter("parametrizations.weight.original");
    Scope.noGrad(() -> Init.normal_(turn, 0, 0.5));
    Tensor x = Tensor.randn(32, in);
    Tensor target = goal.forward(x).detach();
    Sgd sgd = new Sgd(layer.parameters(), 0.2);
    double first = layer.forward(x).mseLoss(target).item();
    for (int i = 0; i < 200; i++) {
      sgd.zeroGrad();
      layer.forward(x).mseLoss(target).backward();
      sgd.step();
    }
    orthonormal(Parametrize.value(layer, "weight").detach(), 1e-5);
    double last = layer.forward(x).mseLoss(target).item();
    assertTrue(last < first / 4, () -> "the loss fell from " + first + " to " + last);
  }

  @Test
  void sd70AnOrthogonalWeightStartsNearestToWhatItWas() {
    Linear layer = linear();
    Scope.noGrad(() -> layer.weight().copy_(Tensor.of(new double[][] {{0, 3}, {-2, 0}})));
    Parametrize.orthogonal(layer);
    close(new double[] {0, 1, -1, 0}, Parametrize.value(layer, "weight"));
    close(new double[] {0, 0, 0, 0}, layer.weight());
    layer.forward(Tensor.ones(1, 2)).select(1, 0).sum().backward();
    assertTrue(layer.weight().grad().orElseThrow().abs().max().item() > 0.1, "there is a way");
    Linear nothing = new Linear(3, 5);
    Scope.noGrad(() -> nothing.weight().zero_());
    orthonormal(Parametrize.value(Parametrize.orthogonal(nothing), "weight").detach(), 1e-6);
  }

  @Test
  void sd70AnOrthogonalWeightMovesSavesLoadsAndIsLeft() {
    Linear layer = Parametrize.orthogonal(new Linear(3, 5));
    Scope.noGrad(() -> Init.normal_(layer.weight(), 0, 1));
    assertEquals(
        List.of("bias", "parametrizations.weight.original", "parametrizations.weight.0.base"),
        List.copyOf(layer.stateDict().tensors().keySet()));
    Tensor value = Parametrize.value(layer, "weight").detach();
    Linear other = Parametrize.orthogonal(new Linear(3, 5));
    other.load(layer.stateDict());
    close(value.toDoubleArray(), Parametrize.value(other, "weight"));
    layer.to(DType.FLOAT64);
    close(value.toDoubleArray(), Parametrize.value(layer, "weight"));
    layer.to(DType.BFLOAT16);
    Tensor rounded = Parametrize.value(layer, "weight").detach();
    assertEquals(DType.BFLOAT16, rounded.dtype());
    orthonormal(rounded.to(DType.FLOAT32), 3e-2);
    Parametrize.remove(other, "weight", Parametrize.Leave.VALUE);
    close(value.toDoubleArray(), other.weight());
    assertEquals(List.of("weight", "bias"), List.copyOf(other.namedParameters().keySet()));
  }

  @Test
  void sd70OfAKernelEachMatrixIsOrthogonalAndAVectorIsRefused() {
    Conv2d layer = Parametrize.orthogonal(new Conv2d(2, 4, 3));
    Scope.noGrad(() -> Init.normal_(layer.weight(), 0, 1));
    Tensor value = Parametrize.value(layer, "weight").detach();
    assertEquals(layer.weight().shape(), value.shape());
    Tensor gram = value.mT().matmul(value);
    assertArrayEquals(Tensor.eye(3).expand(4, 2, 3, 3).toDoubleArray(), gram.toDoubleArray(), 1e-5);
    BatchNorm1d norm = new BatchNorm1d(2);
    assertTrue(
        message(ShapeException.class, () -> Parametrize.orthogonal(norm)).contains("two axes"));
    assertFalse(Parametrize.isParametrized(norm, "weight"));
  }

  @Test
  void sd70SpectralNormDividesByTheLargestSingularValue() {
    Conv2d layer = Parametrize.spectralNorm(new Conv2d(3, 4, 2));
    Tensor weight = layer.weight().detach();
    layer.forward(Tensor.randn(1, 3, 4, 4)).sum().backward();
    assertTrue(layer.weight().grad().isPresent());
    for (int i = 0; i < 100; i++) {
      layer.forward(Tensor.randn(1, 3, 4, 4));
    }
    layer.eval();
    Tensor value = Parametrize.value(layer, "weight").detach();
    double largest = Linalg.svdvals(weight.flatten(1, -1)).select(0, 0).item();
    assertArrayEquals(weight.div(largest).toDoubleArray(), value.toDoubleArray(), 1e-3);
    double[] before = layer.buffer("parametrizations.weight.0._u").toDoubleArray();
    layer.forward(Tensor.randn(1, 3, 4, 4));
    assertArrayEquals(before, layer.buffer("parametrizations.weight.0._u").toDoubleArray());
  }
}
