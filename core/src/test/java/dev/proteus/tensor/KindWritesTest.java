package dev.proteus.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.AutogradException;
import dev.proteus.error.DTypeException;
import dev.proteus.error.ReleasedException;
import dev.proteus.error.SwapRefusedException;
import dev.proteus.op.Linear;
import dev.proteus.op.Permute;
import dev.proteus.reference.OnReference;
import dev.proteus.spi.Backends;
import dev.proteus.type.Device;
import dev.proteus.type.Scalar;
import dev.proteus.type.Shape;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.Isolated;

/// What is written into kinds, what fails on the way, and the memory it takes.
@ExtendWith(OnReference.class)
@Isolated("measures memory")
@Execution(ExecutionMode.SAME_THREAD)
class KindWritesTest {
  /// Rows times a factor each; how many factors there are is nobody's business.
  private record Rows(Tensor elem, Tensor factors) {}

  private static final Kind<Rows> ROWS =
      Kind.<Rows>named("Rows")
          .showing(r -> r.elem().spec())
          .parts(
              r -> Parts.of("elem", r.elem()).and("factors", r.factors()),
              p -> new Rows(p.tensor("elem"), p.tensor("factors")))
          .onDequantize(r -> r.elem().mul(r.factors().add(0)))
          .on(Linear.class, c -> c.input(0).linear(c.value(1).elem().mul(c.value(1).factors())))
          .on(
              Permute.class,
              c -> {
                Rows r = c.value(0);
                return c.kind()
                    .wrap(new Rows(r.elem().call(c.op(), List.of(r.elem())), r.factors()));
              })
          .build();

  private static Tensor rows(Tensor elem, long factors) {
    return ROWS.wrap(new Rows(elem, Tensor.full(Shape.of(factors), Scalar.of(2.0))));
  }

  private static Tensor elem(Tensor tensor) {
    return ROWS.unwrap(tensor).orElseThrow().elem();
  }

  private static long live() {
    return Backends.of(Scope.device()).memory().live();
  }

  @Test
  void sc8AWriteThatDoesNotFitLeavesAllPartsAlone() {
    Tensor target = rows(Tensor.zeros(2, 2), 2);
    int version = target.version();
    assertThrows(DTypeException.class, () -> target.copy_(rows(Tensor.ones(2, 2), 1)));
    assertThrows(DTypeException.class, () -> target.copy_(rows(Tensor.ones(2, 2), 3)));
    assertArrayEquals(new double[4], elem(target).toDoubleArray());
    assertEquals(version, target.version());
  }

  @Test
  void ag20AWriteIntoAKindOnMetaCountsToo() {
    Tensor target = rows(Tensor.zeros(2, 2), 2).to(Device.META);
    int version = target.version();
    target.copy_(rows(Tensor.zeros(2, 2), 2).to(Device.META));
    assertNotEquals(version, target.version());
  }

  @Test
  void ag22AViewOfALeafOfAKindIsNotWritten() {
    Tensor leaf = rows(Tensor.ones(2, 2), 2).requiresGrad_(true);
    Tensor view = leaf.t();
    assertTrue(view.isView() && view.sharesStorageWith(leaf));
    assertThrows(AutogradException.class, () -> view.copy_(rows(Tensor.zeros(2, 2), 2)));
    assertArrayEquals(new double[] {1, 1, 1, 1}, elem(leaf).toDoubleArray());
  }

  @Test
  void ag23ARecordedWriteIntoAViewOfAKindIsInTheHistoryOfItsBase() {
    Tensor leaf = rows(Tensor.ones(2, 2), 2).requiresGrad_(true);
    Tensor base = leaf.clone();
    Tensor value = rows(Tensor.zeros(2, 2), 2).requiresGrad_(true);
    base.t().copy_(value);
    Tensor.of(new double[][] {{1, 2}}).linear(base).sum().backward();
    assertArrayEquals(new double[4], leaf.grad().orElseThrow().toDoubleArray());
    assertArrayEquals(new double[] {1, 1, 2, 2}, value.grad().orElseThrow().toDoubleArray());
  }

  @Test
  void sw41AKindThatHasAViewMayBeRefused() {
    Tensor base = rows(Tensor.ones(2, 2), 2);
    Tensor view = base.t();
    Tensor other = Tensor.zeros(1);
    assertThrows(
        SwapRefusedException.class, () -> Tensor.swap(base, other, SwapPolicy.REFUSE_IF_VIEWED));
    assertTrue(view.isView());
  }

  @Test
  void aValueThatCannotBeMadeGivesItsPartsBack() {
    AtomicBoolean fails = new AtomicBoolean();
    Kind<Tensor> picky =
        Kind.<Tensor>named("Picky")
            .showing(Tensor::spec)
            .parts(
                t -> Parts.of("elem", t),
                p -> {
                  if (fails.get()) {
                    throw new IllegalArgumentException("no");
                  }
                  return p.tensor("elem");
                })
            .build();
    long before = live();
    fails.set(true);
    Scope.memory(() -> {
      Tensor elem = Tensor.ones(1000);
      assertThrows(IllegalArgumentException.class, () -> picky.wrap(elem));
    });
    assertEquals(before, live());
  }

  @Test
  void whatAKindStandsForIsLetGoWhenItWasRead() {
    Tensor t = rows(Tensor.ones(100, 2), 2);
    Tensor plain = Tensor.zeros(100, 2);
    long before = live();
    assertEquals(2.0, t.toDoubleArray()[0]);
    plain.copy_(t);
    assertEquals(before, live());
  }

  @Test
  void aKindOutlivesTheScopeOfItsPartsAndGivesItsMemoryBack() {
    Tensor kept = Scope.keep(Scope.memory(() -> rows(Tensor.ones(3).add(1), 3)));
    Tensor elem = elem(kept);
    assertEquals(2.0, elem.toDoubleArray()[2]);
    Tensor.replace(kept, Tensor.zeros(1));
    assertThrows(ReleasedException.class, elem::toDoubleArray);
  }

  @Test
  void emptyMemoryForAKindIsTheKindsAlone() {
    Tensor t = rows(Tensor.ones(100, 2), 2);
    long before = live();
    Tensor empty = Scope.keep(t.emptyLike(Scope.device()));
    assertEquals(before + 808, live());
    Tensor.replace(empty, rows(Tensor.zeros(0, 2), 0));
    assertEquals(before, live());
  }
}
