package dev.proteus.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.AutogradException;
import dev.proteus.error.DTypeException;
import dev.proteus.op.Expect;
import dev.proteus.op.RandomOps.Drawing;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Shape;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Random numbers as users draw them.
class RandomTest {
  private static final int MANY = 2000;

  private static Tensor seeded(Supplier<Tensor> call) {
    return Scope.withGenerator(new Generator(5), call);
  }

  private static double mean(Tensor x) {
    return x.to(DType.FLOAT64).mean().item();
  }

  @Test
  void fills() {
    Tensor uniform = seeded(() -> Tensor.empty(MANY).uniform_(2, 4));
    assertEquals(3, mean(uniform), 0.05);
    assertTrue(uniform.ge(2.0).logicalAnd(uniform.lt(4.0)).all().itemBoolean());
    Tensor normal = seeded(() -> Tensor.empty(MANY).normal_(1, 3));
    assertEquals(1, mean(normal), 0.2);
    assertEquals(3, normal.std().item(), 0.2);
    Tensor exponential = seeded(() -> Tensor.empty(MANY).exponential_(4));
    assertEquals(0.25, mean(exponential), 0.02);
    assertTrue(exponential.gt(0.0).all().itemBoolean());
    assertEquals(0.3, mean(seeded(() -> Tensor.empty(MANY).bernoulli_(0.3))), 0.03);
    Tensor integers = seeded(() -> Tensor.empty(Shape.of(MANY), DType.INT8).random_(-2, 3));
    assertEquals(0, mean(integers), 0.1);
    Expect.values(integers.aminmax().min(), -2);
    Expect.values(integers.aminmax().max(), 2);
    assertThrows(DTypeException.class, () -> Tensor.empty(Shape.of(2), DType.INT64).uniform_(0, 1));
    assertThrows(AutogradException.class, () -> Tensor.ones(2).requiresGrad_(true).uniform_(0, 1));
  }

  @Test
  @DisplayName("MD-3 what is made like a tensor follows it in type and device")
  void likes() {
    Tensor x = Tensor.zeros(Shape.of(3, 2), DType.FLOAT64).requiresGrad_(true);
    assertEquals(x.spec(), x.randLike().spec());
    assertEquals(x.spec(), x.randnLike().spec());
    assertEquals(x.spec(), x.emptyLike().spec());
    assertFalse(x.randLike().requiresGrad());
    assertEquals(DType.UINT8, x.to(DType.UINT8).randintLike(0, 9).dtype());
    Generator generator = new Generator(3);
    Tensor meta = Scope.withGenerator(generator, () -> x.to(Device.META).randnLike());
    assertEquals(Device.META, meta.device());
    assertEquals(0, generator.state().offset(), "rule MD-4");
  }

  @Test
  void multinomial() {
    Tensor weights = Tensor.of(0.0, 1.0, 3.0, 0.0);
    Tensor drawn = seeded(() -> weights.multinomial(MANY, Drawing.WITH_REPLACEMENT));
    assertEquals(DType.INT64, drawn.dtype());
    Tensor counts = drawn.bincount(4);
    assertEquals(0, counts.select(0, 0).item());
    assertEquals(0, counts.select(0, 3).item());
    assertEquals(0.75, counts.select(0, 2).item() / MANY, 0.05);
    Tensor both = seeded(() -> weights.multinomial(2, Drawing.WITHOUT_REPLACEMENT));
    Expect.values(both.sort(0).values(), 1, 2);
    Tensor rows = weights.expand(5, 4);
    Expect.shape(seeded(() -> rows.multinomial(3, Drawing.WITH_REPLACEMENT)), 5, 3);
    Expect.shape(rows.to(Device.META).multinomial(2, Drawing.WITHOUT_REPLACEMENT), 5, 2);
    Expect.error(
        IllegalArgumentException.class,
        () -> weights.multinomial(3, Drawing.WITHOUT_REPLACEMENT),
        "multinomial",
        "at least 3");
    Expect.error(
        IllegalArgumentException.class,
        () -> weights.neg().multinomial(1, Drawing.WITH_REPLACEMENT),
        "multinomial",
        "not negative");
    assertThrows(
        IllegalArgumentException.class,
        () -> weights.mul(0L).multinomial(1, Drawing.WITH_REPLACEMENT));
  }

  @Test
  void bernoulliOfProbabilities() {
    Expect.values(Tensor.of(0.0, 1.0).bernoulli(), 0, 1);
    assertEquals(0.5, mean(seeded(() -> Tensor.ones(MANY).mul(0.5).bernoulli())), 0.05);
  }
}
