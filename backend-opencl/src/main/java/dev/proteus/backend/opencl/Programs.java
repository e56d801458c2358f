package dev.proteus.backend.opencl;

import dev.proteus.backend.opencl.OpenClDriver.Buffer;
import dev.proteus.backend.opencl.OpenClDriver.Entry;
import dev.proteus.codegen.KernelSource;
import dev.proteus.codegen.StepsSource;
import dev.proteus.codegen.Target;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;

/// Kernels of this device, compiled when they are first needed, and how they are launched.
final class Programs {
  /// Items of one processor in a loop over chunks: enough that none waits long for the last.
  private static final int CHUNKS_PER_UNIT = 4;

  /// Elements that make an item worth its start.
  private static final long GRAIN = 2048;

  private static final int STRIPE_LANES = 256;
  private static final int STRIPE_GROUPS_PER_UNIT = 16;

  private static final Object COMPILER = new Object();

  /// What PoCL says when a first launch, which compiles too, has removed a build's temporary file.
  private static final String FILE_WAS_TAKEN = "unable to rename temporary";

  private final OpenClDriver driver;
  private final Target target;
  private final String prelude;
  private final int units;
  private final ConcurrentHashMap<Object, Entry> entries = new ConcurrentHashMap<>();

  private final Steps steps;

  /// Where kernels that cannot fail would note errors.
  private final Buffer ignored;

  /// Words for errors that no call uses now: each call has its own, or it would read another's.
  private final ConcurrentLinkedQueue<Buffer> spare = new ConcurrentLinkedQueue<>();

  Programs(OpenClDriver driver, Target target, int units) {
    this.driver = driver;
    this.target = target;
    this.prelude = target.prelude();
    this.units = units;
    this.steps = new Steps(driver);
    this.ignored = cleared(driver.allocate(Integer.BYTES));
  }

  /// The kernel of a source, which is a value.
  <S> Entry entry(S source, Function<S, KernelSource> text) {
    Entry known = entries.get(source);
    return known != null
        ? known
        : entries.computeIfAbsent(source, _ -> compile(text.apply(source)));
  }

  /// One at a time in this process: PoCL's builds have been seen to take each other's temporary
  /// files away, and Oclgrind's to crash. They wait for one compiler anyway.
  private Entry compile(KernelSource source) {
    String text = prelude + source.text();
    synchronized (COMPILER) {
      try {
        return driver.compile(text, source.name());
      } catch (IllegalStateException e) {
        if (String.valueOf(e.getMessage()).contains(FILE_WAS_TAKEN)) {
          return driver.compile(text, source.name());
        }
        throw e;
      }
    }
  }

  /// Runs a kernel that loops over `n` elements and cannot fail.
  void launch(Entry entry, List<Buffer> buffers, long[] words, long n) {
    launch(entry, buffers, ignored, words, n);
  }

  /// Runs a kernel that loops over `n` elements and waits for it.
  ///
  /// @return what it noted, 0 if nothing
  int launchChecked(Entry entry, List<Buffer> buffers, long[] words, long n) {
    Buffer kept = spare.poll();
    Buffer errors = kept == null ? cleared(driver.allocate(Integer.BYTES)) : kept;
    launch(entry, buffers, errors, words, n);
    MemorySegment host = MemorySegment.ofArray(new int[1]);
    driver.read(errors, 0, host);
    int noted = host.get(ValueLayout.JAVA_INT, 0);
    spare.add(noted == 0 ? errors : cleared(errors));
    return noted;
  }

  private Buffer cleared(Buffer errors) {
    driver.write(MemorySegment.ofArray(new int[1]), errors, 0);
    return errors;
  }

  private void launch(Entry entry, List<Buffer> buffers, Buffer errors, long[] words, long n) {
    List<Buffer> all = new ArrayList<>(buffers);
    all.add(errors);
    switch (target.loops()) {
      case CHUNKS -> {
        long items = Math.clamp((n + GRAIN - 1) / GRAIN, 1, (long) units * CHUNKS_PER_UNIT);
        driver.launch(entry, all, words, items, 1);
      }
      case STRIPES -> {
        long groups =
            Math.clamp(
                (n + STRIPE_LANES - 1) / STRIPE_LANES, 1, (long) units * STRIPE_GROUPS_PER_UNIT);
        driver.launch(entry, all, words, groups * STRIPE_LANES, STRIPE_LANES);
      }
    }
  }

  /// What is run without a kernel of its own.
  Steps steps() {
    return steps;
  }

  /// The kernel that follows steps.
  Entry stepping() {
    return entry(StepsSource.class, _ -> StepsSource.named("steps"));
  }
}
