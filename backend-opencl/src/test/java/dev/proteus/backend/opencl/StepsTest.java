package dev.proteus.backend.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.codegen.Reading;
import dev.proteus.expr.Expr;
import dev.proteus.expr.ExprKey;
import dev.proteus.expr.Listing;
import dev.proteus.op.Copies;
import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What is kept of expressions that are followed, and for how long.
class StepsTest {
  private static final ExprKey KEY = Listing.of(new Expr.Input(0, DType.FLOAT32)).key();
  private static final Reading READING = Reading.of(KEY);

  @BeforeAll
  static void device() {
    WithDevice.check();
  }

  private static OpenClBackend backend() {
    return new OpenClBackend(
        new Device("opencl", 9),
        OpenClDriver.devices().getFirst(),
        new ProgramCache(null, 0),
        OpenClDriver.NO_FAULTS);
  }

  private static boolean takes(Steps steps, Object source, long elements) {
    return steps.takes(source, KEY, READING, 1, elements);
  }

  @Test
  void aKernelIsCountedUntilItExists() {
    try (OpenClDriver driver =
        new OpenClDriver(
            WithDevice.DEVICE,
            OpenClDriver.devices().getFirst(),
            OpenClDriver.Writes.IN_ORDER,
            OpenClDriver.NO_FAULTS)) {
      Set<Object> compiled = new HashSet<>();
      Steps steps = new Steps(driver, compiled::contains);
      for (int call = 1; call < 64; call++) {
        assertTrue(takes(steps, "often", 1), "call " + call);
      }
      assertFalse(takes(steps, "often", 1));
      assertTrue(takes(steps, "large", 1 << 21));
      assertFalse(takes(steps, "large", 1 << 21));
      assertEquals(0, steps.counted());
      compiled.add("often");
      assertFalse(takes(steps, "often", 1));
      assertEquals(0, steps.counted());
    }
  }

  @Test
  void whatIsCountedHasALimit() {
    try (OpenClDriver driver =
        new OpenClDriver(
            WithDevice.DEVICE,
            OpenClDriver.devices().getFirst(),
            OpenClDriver.Writes.IN_ORDER,
            OpenClDriver.NO_FAULTS)) {
      Steps steps = new Steps(driver, _ -> false);
      for (int source = 0; source < 10_000; source++) {
        assertTrue(takes(steps, source, 1));
      }
      assertTrue(steps.counted() <= 4096);
    }
  }

  /// Programs count as kept, are given back with what is kept, and are written again.
  @Test
  void programsAreGivenBackAndWrittenAgain() {
    try (OpenClBackend backend = backend()) {
      OpenClStorage from = backend.allocate(16);
      OpenClStorage to = backend.allocate(16);
      long before = backend.memory().cached();
      assertCopies(backend, from, to);
      assertTrue(backend.memory().cached() > before);
      backend.trim();
      assertEquals(0, backend.memory().cached());
      assertCopies(backend, from, to);
      assertTrue(backend.memory().cached() > before);
      from.release();
      to.release();
    }
  }

  private static void assertCopies(OpenClBackend backend, OpenClStorage from, OpenClStorage to) {
    float[] values = {1, 2, 3, 4};
    backend.copyFromHost(MemorySegment.ofArray(values), from, 0);
    backend
        .kernel(Copies.contiguous(DType.FLOAT32), List.of())
        .run(List.of(operand(from)), List.of(operand(to)));
    MemorySegment host = MemorySegment.ofArray(new float[4]);
    backend.copyToHost(to, 0, host);
    assertEquals(4, host.getAtIndex(ValueLayout.JAVA_FLOAT, 3));
  }

  private static Operand operand(OpenClStorage storage) {
    return new Operand(storage, Layout.contiguous(Shape.of(4)), DType.FLOAT32);
  }
}
