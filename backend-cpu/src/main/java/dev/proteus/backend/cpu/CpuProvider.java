package dev.proteus.backend.cpu;

import dev.proteus.backend.cpu.memory.CachingAllocator;
import dev.proteus.backend.cpu.memory.MemoryLimit;
import dev.proteus.backend.cpu.vector.VectorChoice;
import dev.proteus.spi.Backend;
import dev.proteus.spi.BackendProvider;
import java.util.List;

/// Offers the processors of this machine as one device of kind `cpu`.
///
/// System properties: `proteus.threads` (default: all cores), `proteus.memory` ([MemoryLimit]),
/// `proteus.vector` (`off` for plain Java loops).
public final class CpuProvider implements BackendProvider {
  static final String THREADS = "proteus.threads";

  @Override
  public String kind() {
    return "cpu";
  }

  @Override
  public int priority() {
    return 100;
  }

  @Override
  public Availability availability() {
    return new Availability.Available(1);
  }

  @Override
  public List<String> describe() {
    return List.of(
        "%s, %d threads, %s, %.1f GiB, Java %s"
            .formatted(
                System.getProperty("os.arch"),
                threads(),
                VectorChoice.isVector() ? "Vector API" : "plain loops",
                MemoryLimit.configured().bytes() / (double) (1L << 30),
                Runtime.version()));
  }

  @Override
  public Backend open(int index) {
    return new CpuBackend(
        new CachingAllocator(MemoryLimit.configured()),
        new Threads(threads()),
        VectorChoice.loops());
  }

  private static int threads() {
    int cores = Runtime.getRuntime().availableProcessors();
    int wanted = Integer.getInteger(THREADS, cores);
    if (wanted < 1) {
      throw new IllegalArgumentException(THREADS + ": " + wanted + " is not a count; 1 or more");
    }
    return wanted;
  }
}
