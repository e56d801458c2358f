package dev.proteus.backend.opencl;

import dev.proteus.backend.opencl.OpenClDriver.Buffer;
import dev.proteus.backend.opencl.OpenClDriver.Entry;
import dev.proteus.codegen.KernelSource;
import dev.proteus.codegen.StepsSource;
import dev.proteus.codegen.Target;
import dev.proteus.codegen.WrittenSource;
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

  private final OpenClDriver driver;
  private final Compiler compiler;
  private final Target target;
  private final String prelude;
  private final int units;
  private final int vectorBytes;
  private final ConcurrentHashMap<Object, Entry> entries = new ConcurrentHashMap<>();

  private final Steps steps;

  /// Where kernels that cannot fail would note errors.
  private final Buffer ignored;

  /// Words for errors that no call uses now: each call has its own, or it would read another's.
  private final ConcurrentLinkedQueue<Buffer> spare = new ConcurrentLinkedQueue<>();

  Programs(OpenClDriver driver, Compiler compiler, Target target, int units, int vectorBytes) {
    this.driver = driver;
    this.compiler = compiler;
    this.target = target;
    this.prelude = target.prelude();
    this.units = units;
    this.vectorBytes = vectorBytes;
    this.steps = new Steps(driver, entries::containsKey);
    this.ignored = cleared(driver.allocate(Integer.BYTES));
  }

  /// The kernel of a source, which is a value.
  <S> Entry entry(S source, Function<S, KernelSource> text) {
    Entry known = entries.get(source);
    return known != null
        ? known
        : entries.computeIfAbsent(source, _ -> compile(text.apply(source)));
  }

  /// The kernel of a text that is written by hand.
  Entry entry(WrittenSource source) {
    return entry(source, WrittenSource::source);
  }

  /// How elements are spread over items.
  Target.Loops loops() {
    return target.loops();
  }

  /// Bytes of the device's vectors.
  int vectorBytes() {
    return vectorBytes;
  }

  private Entry compile(KernelSource source) {
    return compiler.compile(prelude + source.text(), source.name());
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
    switch (target.loops()) {
      case CHUNKS -> {
        enqueue(entry, buffers, errors, words, Math.clamp((n + GRAIN - 1) / GRAIN, 1, enough()), 1);
      }
      case STRIPES -> {
        long groups = Math.clamp((n + STRIPE_LANES - 1) / STRIPE_LANES, 1, enough());
        enqueue(entry, buffers, errors, words, groups, STRIPE_LANES);
      }
    }
  }

  /// Runs a kernel that shares `tasks` among teams and cannot fail. A team is one item where loops
  /// go by chunks, and elsewhere a group of [#STRIPE_LANES] items that work on a task together.
  ///
  /// @param work elements in all
  void launchTeams(Entry entry, List<Buffer> buffers, long[] words, long tasks, long work) {
    long lanes =
        switch (target.loops()) {
          case CHUNKS -> 1;
          case STRIPES -> STRIPE_LANES;
        };
    enqueue(entry, buffers, ignored, words, teams(tasks, work), lanes);
  }

  /// Runs a kernel that shares `tasks` among items and cannot fail: where loops go by stripes,
  /// neighbouring ones in a group have neighbouring tasks.
  ///
  /// @param work elements in all
  void launchItems(Entry entry, List<Buffer> buffers, long[] words, long tasks, long work) {
    switch (target.loops()) {
      case CHUNKS -> launchTeams(entry, buffers, words, tasks, work);
      case STRIPES -> launch(entry, buffers, words, tasks);
    }
  }

  /// How many teams share so many tasks.
  long teams(long tasks, long work) {
    return switch (target.loops()) {
      case CHUNKS -> Math.clamp(Math.min(tasks, (work + GRAIN - 1) / GRAIN), 1, enough());
      case STRIPES -> Math.clamp(tasks, 1, enough());
    };
  }

  /// Teams that keep the device busy.
  long enough() {
    return switch (target.loops()) {
      case CHUNKS -> (long) units * CHUNKS_PER_UNIT;
      case STRIPES -> (long) units * STRIPE_GROUPS_PER_UNIT;
    };
  }

  private void enqueue(
      Entry entry, List<Buffer> buffers, Buffer errors, long[] words, long groups, long lanes) {
    List<Buffer> all = new ArrayList<>(buffers);
    all.add(errors);
    driver.launch(entry, all, words, groups * lanes, lanes);
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
