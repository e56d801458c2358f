package dev.proteus.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.StaleGraphException;
import dev.proteus.optim.AdamW;
import dev.proteus.optim.Sgd;
import dev.proteus.tensor.Buffer;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What conversion reaches, and the traps it does not have.
class ConversionRulesTest {
  /// A layer with every kind of member, and a tensor that is none.
  private static final class Mixed extends Layer {
    final Tensor loose = Tensor.ones(2);

    Mixed(Buffer shared) {
      parameter("weight", () -> Tensor.ones(2));
      buffer("shared", shared, Persistence.PERSISTENT);
      buffer("cache", () -> Tensor.ones(2), Persistence.TRANSIENT);
      buffer("mask", () -> Tensor.of(true, false), Persistence.PERSISTENT);
    }

    @Override
    protected Tensor compute(Tensor input) {
      return input.mul(parameter("weight"));
    }
  }

  private static Mixed mixed() {
    return new Mixed(Buffer.of(Tensor.ones(2)));
  }

  @Test
  void to11To12BuffersOfEveryKindAreReachedAndMissingMembersAreNot() {
    Mixed layer = mixed();
    layer.to(DType.FLOAT64);
    assertEquals(DType.FLOAT64, layer.buffer("cache").dtype(), "also what is not saved");
    assertEquals(DType.BOOL, layer.buffer("mask").dtype());
    layer.to(Device.META);
    assertTrue(layer.buffer("mask").device().isMeta());
    new Linear(1, 1, Bias.NONE).to(DType.FLOAT64);
  }

  @Test
  void to13ATensorThatWasNotRegisteredIsNoneOfTheModules() {
    Mixed layer = mixed();
    layer.to(DType.FLOAT64);
    assertEquals(DType.FLOAT32, layer.loose.dtype());
  }

  @Test
  void to14To15To16TheGradientIsConvertedAndKeepsItsOwnFlags() {
    Linear layer = new Linear(2, 1);
    Parameter weight = layer.weight();
    weight.setGrad(Tensor.ones(1, 2));
    Tensor grad = weight.grad().orElseThrow().requiresGrad_(true);
    layer.bias().orElseThrow().requiresGrad_(false);
    layer.to(DType.FLOAT64);
    assertSame(grad, weight.grad().orElseThrow());
    assertEquals(DType.FLOAT64, grad.dtype());
    assertTrue(grad.requiresGrad() && grad.isLeaf());
    assertTrue(weight.requiresGrad() && weight.isLeaf());
    assertFalse(layer.bias().orElseThrow().requiresGrad());
  }

  @Test
  void to17ASlotHoldsAParameterStill() {
    Linear layer = new Linear(1, 1);
    Parameter before = layer.weight();
    layer.to(DType.FLOAT64).to(Device.META).toEmpty(Scope.device());
    assertInstanceOf(Parameter.class, layer.parameter("weight"));
    assertSame(before, layer.parameter("weight"));
  }

  @Test
  void to20ModeAndHooksStay() {
    Linear layer = new Linear(1, 1);
    layer.eval();
    List<Module> called = new ArrayList<>();
    layer.registerForwardHook((module, inputs, output) -> {
      called.add(module);
      return Optional.empty();
    });
    layer.to(DType.FLOAT64);
    assertFalse(layer.isTraining());
    layer.forward(Tensor.ones(1, 1).to(DType.FLOAT64));
    assertEquals(List.of(layer), called);
  }

  @Test
  void to21AViewFromBeforeKeepsItsTruth() {
    Linear layer = new Linear(2, 2);
    Tensor view = Scope.noGrad(() -> layer.weight().select(0, 0));
    double[] before = view.toDoubleArray();
    layer.to(DType.FLOAT64);
    Scope.noGrad(() -> layer.weight().zero_());
    assertArrayEquals(before, view.toDoubleArray(), "it reads what it was made of");
    assertEquals(DType.FLOAT32, view.dtype());
    assertFalse(view.sharesStorageWith(layer.weight()));
  }

  @Test
  void to22To23To40IdentityHooksAndTheOptimizerSurviveMeta() {
    Linear layer = new Linear(1, 1, Bias.NONE);
    Sgd optimizer = new Sgd(layer.parameters(), 0.5);
    Parameter weight = layer.weight();
    List<Tensor> told = new ArrayList<>();
    weight.registerPostAccumulateHook(told::add);
    layer.to(Device.META).toEmpty(Scope.device());
    assertSame(weight, layer.weight());
    Init.ones_(weight);
    layer.forward(Tensor.ones(1, 1)).sum().backward();
    optimizer.step();
    assertEquals(0.5, weight.item());
    assertEquals(List.of(weight), told);
  }

  @Test
  void to24To27NeitherAForeignGradientNorOneOfOtherValues() {
    Linear layer = new Linear(1, 1, Bias.NONE);
    Init.constant_(layer.weight(), 3);
    Tensor loss = layer.weight().square().sum();
    layer.to(DType.FLOAT64);
    Scope.noGrad(() -> layer.weight().fill_(100));
    assertThrows(StaleGraphException.class, loss::backward);
    assertTrue(layer.weight().grad().isEmpty());
  }

  @Test
  void to28To29SharedBuffersKeepTheirIdentityAndStayTied() {
    Buffer shared = Buffer.of(Tensor.ones(2));
    Sequential model = new Sequential(new Mixed(shared), new Mixed(shared));
    model.to(DType.FLOAT64);
    assertSame(shared, model.buffer("0.shared"));
    assertSame(shared, model.buffer("1.shared"));
    assertEquals(DType.FLOAT64, shared.dtype());
    model.to(Device.META).toEmpty(Scope.device());
    assertSame(model.buffer("0.shared"), model.buffer("1.shared"));
  }

  @Test
  void to41StateFollowsItsParameterAtTheNextStep() {
    Linear layer = new Linear(2, 1, Bias.NONE);
    AdamW optimizer = new AdamW(layer.parameters(), 0.1);
    layer.forward(Tensor.ones(1, 2)).sum().backward();
    optimizer.step();
    layer.to(DType.FLOAT64);
    optimizer.step();
    optimizer
        .state(layer.weight())
        .orElseThrow()
        .tensors()
        .values()
        .forEach(t -> assertEquals(DType.FLOAT64, t.dtype()));
  }
}
