package dev.proteus.optim;

import static dev.proteus.optim.Sample.one;
import static dev.proteus.optim.Sample.setGrad;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.nn.Linear;
import dev.proteus.nn.Relu;
import dev.proteus.nn.Sequential;
import dev.proteus.spi.Backends;
import dev.proteus.tensor.Generator;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// Clipping, memory, and a model that learns.
@Isolated("measures memory")
class OptimizerTest {
  // ---- clipping, memory, learning

  @Test
  void op25_clippingTheNormReturnsWhatItWasAndScalesInPlace() {
    Parameter a = one();
    Parameter b = one();
    setGrad(a, 3);
    setGrad(b, 4);
    Tensor grad = a.grad().orElseThrow();
    List<Parameter> all = List.of(a, b, one());
    assertEquals(5, Gradients.clipNorm(all, 10).item(), 1e-6);
    assertEquals(3, grad.item(), "small enough");
    assertEquals(5, Gradients.clipNorm(all, 1).item(), 1e-6);
    assertEquals(3 * (1 / (5 + 1e-6)), grad.item(), 1e-7);
    assertEquals(4 * (1 / (5 + 1e-6)), b.grad().orElseThrow().item(), 1e-7);
    assertEquals(0.8, Gradients.clipNorm(all, 1, Double.POSITIVE_INFINITY).item(), 1e-6);
    assertEquals(1.4, Gradients.clipNorm(all, 2, 1).item(), 1e-6);
    assertEquals(0, Gradients.clipNorm(List.of(one()), 1).item(), "no gradients");
    assertEquals(Shape.SCALAR, Gradients.clipNorm(all, 1).shape());
  }

  @Test
  void op25_clippingValuesWorksElementByElementInPlace() {
    Parameter p = Parameter.of(Tensor.zeros(3));
    p.setGrad(Tensor.of(-2, 0.5, 3));
    Tensor grad = p.grad().orElseThrow();
    Gradients.clipValue(List.of(p, one()), 0.75);
    assertEquals(List.of(-0.75, 0.5, 0.75), Arrays.stream(grad.toDoubleArray()).boxed().toList());
  }

  @Test
  void trainingInAMemoryScopeLeavesMemoryFlat() {
    Sequential model = new Sequential(new Linear(4, 8), new Relu(), new Linear(8, 1));
    Adam optimizer = new Adam(model.parameters(), 0.01);
    Tensor x = Tensor.randn(16, 4);
    Tensor y = Tensor.randn(16, 1);
    List<Long> live = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Scope.memory(() -> {
        optimizer.zeroGrad();
        model.forward(x).mseLoss(y).backward();
        Gradients.clipNorm(model.parameters(), 1);
        optimizer.step();
      });
      live.add(Backends.of(Scope.device()).memory().live());
    }
    assertEquals(live.get(1), live.get(5), live::toString);
  }

  @Test
  void aSmallModelLearnsTwoMoonsAndGoesOnAfterConversion() {
    Scope.withGenerator(
        new Generator(7),
        () -> {
          Tensor angle = Tensor.rand(64, 1).mul(Math.PI);
          Tensor upper = Tensor.cat(List.of(angle.cos(), angle.sin()), 1);
          Tensor lower = Tensor.cat(List.of(angle.cos().rsub(1), angle.sin().rsub(0.5)), 1);
          Tensor x = Tensor.cat(List.of(upper, lower), 0);
          Tensor y = Tensor.cat(List.of(Tensor.zeros(64), Tensor.ones(64)), 0).to(DType.INT64);
          Sequential model =
              new Sequential(
                  new Linear(2, 16), new Relu(), new Linear(16, 16), new Relu(), new Linear(16, 2));
          AdamW optimizer = new AdamW(model.parameters(), 0.02);
          for (int i = 0; i < 120; i++) {
            train(model, optimizer, x, y);
          }
          double loss = train(model, optimizer, x, y);
          assertTrue(loss < 0.05, () -> "loss " + loss);
          List<Parameter> parameters = model.parameters();
          model.to(DType.BFLOAT16).to(DType.FLOAT32);
          assertEquals(parameters, model.parameters());
          double[] before = parameters.getFirst().toDoubleArray();
          double after = train(model, optimizer, x, y);
          assertTrue(after < 0.1, () -> "loss after conversion " + after);
          assertFalse(Arrays.equals(before, parameters.getFirst().toDoubleArray()));
          return loss;
        });
  }

  private static double train(Sequential model, Optimizer<?> optimizer, Tensor x, Tensor y) {
    return Scope.memory(
            () -> {
              optimizer.zeroGrad();
              Tensor loss = model.forward(x).crossEntropy(y);
              loss.backward();
              optimizer.step();
              return loss;
            })
        .item();
  }
}
