package dev.proteus.backend.opencl;

import dev.proteus.backend.opencl.OpenClDriver.Entry;
import dev.proteus.error.DeviceException;
import dev.proteus.error.TensorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// Kernels by their texts: as they were kept, else compiled and kept for the next process.
final class Compiler implements AutoCloseable {
  /// One program at a time: they wait for one compiler anyway, PoCL's builds have been seen to take
  /// each other's temporary files away, and Oclgrind's to crash.
  private static final Object BUILDING = new Object();

  private final OpenClDriver driver;
  private final ProgramCache cache;
  private final AtomicInteger built = new AtomicInteger();

  Compiler(OpenClDriver driver, ProgramCache cache) {
    this.driver = driver;
    this.cache = cache;
  }

  /// The kernel `name` of a program.
  ///
  /// @throws dev.proteus.error.DeviceException with the compiler's log, if it does not compile
  Entry compile(String source, String name) {
    List<String> texts = new ArrayList<>(driver.identity());
    texts.add(source);
    String key = ProgramCache.key(texts);
    return kept(key, name).orElseGet(() -> build(source, name, key));
  }

  private Optional<Entry> kept(String key, String name) {
    Optional<byte[]> binary = cache.read(key);
    if (binary.isEmpty()) {
      return Optional.empty();
    }
    Optional<Entry> entry = driver.load(binary.get(), name);
    if (entry.isEmpty()) {
      cache.delete(key);
    }
    return entry;
  }

  private Entry build(String source, String name, String key) {
    Entry entry;
    synchronized (BUILDING) {
      entry = build(source, name);
    }
    built.incrementAndGet();
    if (cache.isOn()) {
      entry.onceLaunched(() -> Background.run(() -> keep(key, entry)));
    }
    return entry;
  }

  /// A build that fails is tried once more: a first launch compiles too, and PoCL has been seen to
  /// lose a temporary file meanwhile.
  private Entry build(String source, String name) {
    try {
      return driver.build(source, name);
    } catch (DeviceException _) {
      return driver.build(source, name);
    }
  }

  /// Keeps a program whose first launch is done: PoCL compiles a kernel for the shape of a launch,
  /// and what it gives before that lacks the part which takes longest.
  private void keep(String key, Entry entry) {
    try {
      driver.finish();
      byte[] binary;
      synchronized (BUILDING) {
        binary = driver.binary(entry);
      }
      if (binary.length > 0) {
        cache.write(key, binary);
      }
    } catch (TensorException _) {
      // A driver need not have binaries, and whoever uses a lost device will hear of it.
    }
  }

  /// How many programs were compiled from their sources.
  int built() {
    return built.get();
  }

  /// Returns when nothing here uses the driver any more.
  @Override
  public void close() {
    Background.await();
  }
}
