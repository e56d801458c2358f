package dev.proteus.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.tensor.Generator;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Shape;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Initial values: their scale, their shape and where they come from.
class InitTest {
  private static Tensor filled(UnaryOperator<Tensor> init, long... sizes) {
    Parameter p = Parameter.of(Tensor.empty(Shape.of(sizes), DType.FLOAT32));
    return Scope.withGenerator(
        new Generator(11),
        () -> {
          assertSame(p, init.apply(p));
          assertTrue(p.isLeaf() && p.requiresGrad());
          return p.detach();
        });
  }

  private static void distributed(Tensor t, double mean, double std, double low, double high) {
    assertEquals(mean, t.mean().item(), 0.05 * std);
    assertEquals(std, t.std().item(), 0.05 * std);
    assertTrue(t.min().item() >= low && t.max().item() <= high, t::toString);
  }

  @Test
  void uniformAndNormal() {
    distributed(filled(t -> Init.uniform_(t, -1, 3), 100, 100), 1, 4 / Math.sqrt(12), -1, 3);
    distributed(filled(t -> Init.normal_(t, 2, 0.5), 100, 100), 2, 0.5, -1, 5);
    distributed(filled(t -> Init.truncNormal_(t, 0, 1, -2, 2), 100, 100), 0, 0.8796, -2, 2);
  }

  @Test
  void scalesFollowFans() {
    double xavier = Math.sqrt(2.0 / (3 * 4 * 5 + 50 * 4 * 5));
    double bound = Math.sqrt(3) * xavier;
    distributed(filled(t -> Init.xavierUniform_(t, 1), 50, 3, 4, 5), 0, xavier, -bound, bound);
    distributed(filled(t -> Init.xavierNormal_(t, 2), 50, 3, 4, 5), 0, 2 * xavier, -9, 9);
    double in = Gain.RELU / Math.sqrt(60);
    distributed(
        filled(t -> Init.kaimingUniform_(t, Gain.RELU, Init.Fan.IN), 50, 3, 4, 5),
        0,
        in,
        -Math.sqrt(3) * in,
        Math.sqrt(3) * in);
    double out = 1 / Math.sqrt(1000);
    distributed(
        filled(t -> Init.kaimingNormal_(t, Gain.LINEAR, Init.Fan.OUT), 50, 3, 4, 5), 0, out, -9, 9);
    assertEquals(Math.sqrt(1.0 / 3), Gain.leakyRelu(Math.sqrt(5)), 1e-12);
    assertThrows(IllegalArgumentException.class, () -> Init.xavierUniform_(Tensor.zeros(3), 1));
  }

  @Test
  void orthogonalRowsOrColumns() {
    Tensor wide = filled(t -> Init.orthogonal_(t, 2), 3, 2, 4).reshape(3, 8);
    assertEquals(0, wide.matmul(wide.t()).sub(Tensor.eye(3, 3).mul(4)).abs().max().item(), 1e-5);
    Tensor tall = filled(t -> Init.orthogonal_(t, 1), 8, 3);
    assertEquals(0, tall.t().matmul(tall).sub(Tensor.eye(3, 3)).abs().max().item(), 1e-5);
  }

  @Test
  void constants() {
    assertEquals(6, filled(Init::ones_, 2, 3).sum().item());
    assertEquals(0, filled(Init::zeros_, 2, 3).sum().item());
    assertEquals(-3, filled(t -> Init.constant_(t, -0.5), 2, 3).sum().item());
    assertArrayEquals(new double[] {1, 0, 0, 0, 1, 0}, filled(Init::eye_, 2, 3).toDoubleArray());
  }

  @Test
  void md4OnMetaNothingIsDrawn() {
    Generator generator = new Generator(1);
    Tensor meta = Scope.on(Device.META, () -> Tensor.zeros(3, 3));
    Scope.withGenerator(
        generator, () -> Init.orthogonal_(Init.normal_(Init.uniform_(meta, 0, 1), 0, 1), 1));
    assertEquals(0, generator.state().offset());
    Scope.withGenerator(generator, () -> Init.normal_(Tensor.zeros(3, 3), 0, 1));
    assertFalse(generator.state().offset() == 0);
  }
}
