package dev.proteus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.nn.Sequential;
import dev.proteus.optim.Adam;
import dev.proteus.spi.Backend;
import dev.proteus.spi.Backends;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Device;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// What 2,000 eager steps of a LeNet hold outside the Java heap, as docs/memory.md says.
@Isolated("measures memory")
class MemoryTest {
  private static final int STEPS = 2_000;
  private static final int WARM = 50;
  private static final int BATCH = 8;

  /// What collectors call themselves that also run for `System.gc()`.
  private static final Set<String> FULL =
      Set.of("G1 Old Generation", "PS MarkSweep", "MarkSweepCompact");

  private final Backend backend = Backends.of(Device.CPU);
  private final Sequential model = LeNet.create();
  private final Adam optimizer = new Adam(model.parameters(), 1e-3);
  private final Tensor images = Tensor.randn(BATCH, 1, 28, 28);
  private final Tensor labels = Tensor.randint(0, 10, BATCH);

  private void step() {
    optimizer.zeroGrad();
    model.forward(images).crossEntropy(labels).backward();
    optimizer.step();
  }

  private static long fullCollections() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .filter(bean -> FULL.contains(bean.getName()))
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .sum();
  }

  @Test
  @DisplayName(
      "in memory scopes, live bytes are flat after the first 50 steps, without System.gc()")
  void scoped() {
    long collections = fullCollections();
    long warm = 0;
    for (int i = 1; i <= STEPS; i++) {
      Scope.memory(this::step);
      long live = backend.memory().live();
      if (i == WARM) {
        warm = live;
      }
      long now = warm; // what others forgot before may be found meanwhile
      int step = i;
      assertTrue(
          i <= WARM || live <= now,
          () -> "step %d: %d bytes, %d before".formatted(step, live, now));
    }
    assertEquals(collections, fullCollections(), "full collections");
  }

  @Test
  @DisplayName("without scopes, the collector keeps live bytes below a gibibyte and a half")
  void forgotten() {
    long most = 0;
    for (int i = 0; i < STEPS; i++) {
      step();
      most = Math.max(most, backend.memory().live());
    }
    assertTrue(most < 3L << 29, "live bytes went up to " + most);
  }
}
