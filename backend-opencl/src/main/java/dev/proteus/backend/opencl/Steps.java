package dev.proteus.backend.opencl;

import dev.proteus.backend.opencl.OpenClDriver.Buffer;
import dev.proteus.codegen.Reading;
import dev.proteus.codegen.StepsSource;
import dev.proteus.error.TensorException;
import dev.proteus.expr.ExprKey;
import dev.proteus.expr.Listing;
import dev.proteus.op.Reduce;
import dev.proteus.spi.Space;
import dev.proteus.type.DType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Runs expressions by the one kernel that follows steps, until they are worth kernels of their
/// own.
///
/// The system property `proteus.opencl.compile` is `hot`, or `always` to compile everything at
/// once.
@SuppressWarnings("EnumOrdinal") // as the kernel has them
final class Steps {
  static final String PROPERTY = "proteus.opencl.compile";

  /// Steps of elements after which a kernel would have paid for its compilation.
  private static final long WORTH = 1L << 22;

  /// What a launch counts beside its elements.
  private static final long LAUNCH = WORTH >> 6;

  /// How many kernels that do not exist yet are counted, and how many expressions are kept on the
  /// device; beyond it all are forgotten and begin anew.
  private static final int REMEMBERED = 1 << 12;

  private final OpenClDriver driver;
  private final Predicate<Object> isCompiled;
  private final boolean compilesAlways;
  private final ConcurrentHashMap<Object, AtomicLong> work = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<ExprKey, Buffer> programs = new ConcurrentHashMap<>();
  private final AtomicLong bytes = new AtomicLong();

  /// Held for reading by calls that use programs, for writing by who gives programs back.
  private final ReentrantReadWriteLock inUse = new ReentrantReadWriteLock();

  /// @param isCompiled which kernels exist
  Steps(OpenClDriver driver, Predicate<Object> isCompiled) {
    this.driver = driver;
    this.isCompiled = isCompiled;
    String mode = System.getProperty(PROPERTY, "hot");
    this.compilesAlways =
        switch (mode) {
          case "hot" -> false;
          case "always" -> true;
          default ->
              throw new IllegalArgumentException(
                  PROPERTY + " is '" + mode + "'; it must be hot or always");
        };
  }

  /// Whether a call should be run by steps: there is room for it, and its kernel is not worth
  /// compiling yet.
  ///
  /// @param source the kernel that would be compiled
  /// @param elements how many times the expression is evaluated
  boolean takes(Object source, ExprKey key, Reading reading, int axes, long elements) {
    if (compilesAlways || !StepsSource.fits(key, reading, axes) || isCompiled.test(source)) {
      return false;
    }
    if (work.size() >= REMEMBERED) {
      work.clear();
    }
    long steps = elements * key.steps().size() + LAUNCH;
    boolean isWorthIt =
        work.computeIfAbsent(source, _ -> new AtomicLong()).addAndGet(steps) >= WORTH;
    if (isWorthIt) {
      work.remove(source);
    }
    return !isWorthIt;
  }

  /// How many kernels are counted that do not exist yet.
  int counted() {
    return work.size();
  }

  /// Launches a call on its buffers: operands, the places of absent ones taken by the result, and
  /// the program.
  void with(ExprKey key, Reading reading, List<Buffer> own, Consumer<List<Buffer>> launch) {
    if (programs.size() >= REMEMBERED) {
      trim();
    }
    inUse.readLock().lock();
    try {
      launch.accept(buffers(key, reading, own));
    } finally {
      inUse.readLock().unlock();
    }
  }

  private List<Buffer> buffers(ExprKey key, Reading reading, List<Buffer> own) {
    List<Buffer> all = new ArrayList<>(own.subList(0, reading.operands().size()));
    Buffer result = own.getLast();
    while (all.size() <= StepsSource.OPERANDS) {
      all.add(result);
    }
    all.add(programs.computeIfAbsent(key, k -> program(k, reading)));
    return all;
  }

  private Buffer program(ExprKey key, Reading reading) {
    MemorySegment words = MemorySegment.ofArray(StepsSource.program(key, reading));
    Buffer buffer = driver.allocate(words.byteSize());
    try {
      driver.write(words, buffer, 0);
    } catch (TensorException e) {
      buffer.release();
      throw e;
    }
    bytes.addAndGet(buffer.bytes());
    return buffer;
  }

  /// Bytes of the device in which programs are.
  long bytes() {
    return bytes.get();
  }

  /// Gives programs back, unless a call is being launched; they are written again when they are
  /// needed.
  void trim() {
    if (inUse.writeLock().tryLock()) {
      try {
        programs.values().forEach(Buffer::release);
        programs.clear();
        bytes.set(0);
      } finally {
        inUse.writeLock().unlock();
      }
    }
  }

  /// The words of a map.
  static long[] map(Listing listing, Space space, long[] starts, DType stored) {
    long[] words = new long[StepsSource.WORDS];
    words[2] = 1;
    words[5] = StepsSource.MAP;
    fill(words, listing, space, starts);
    words[7] = stored.ordinal();
    return words;
  }

  /// The words of a fold.
  static long[] fold(Listing listing, Space kept, Space folded, long[] starts, Reduce op) {
    long[] words = new long[StepsSource.WORDS];
    words[2] = folded.numel();
    words[3] = folded.sizes().length;
    words[5] = op.kind().ordinal();
    words[6] = op.accumulator().ordinal();
    words[7] = op.expr().dtype().ordinal();
    fill(words, listing, kept, starts);
    int rank = kept.sizes().length;
    System.arraycopy(folded.sizes(), 0, words, StepsSource.SIZES + rank, folded.sizes().length);
    for (int k = 0; k < starts.length - 1; k++) {
      System.arraycopy(folded.strides(k), 0, words, mover(k) + 1 + rank, folded.sizes().length);
    }
    return words;
  }

  private static void fill(long[] words, Listing listing, Space kept, long[] starts) {
    int rank = kept.sizes().length;
    words[0] = kept.numel();
    words[1] = rank;
    words[4] = listing.steps().size();
    System.arraycopy(kept.sizes(), 0, words, StepsSource.SIZES, rank);
    for (int k = 0; k < starts.length; k++) {
      int at = mover(k == starts.length - 1 ? StepsSource.OPERANDS : k);
      words[at] = starts[k];
      System.arraycopy(kept.strides(k), 0, words, at + 1, rank);
    }
    long[] constants = Words.constants(listing);
    System.arraycopy(constants, 0, words, StepsSource.CONSTANTS, constants.length);
  }

  private static int mover(int k) {
    return StepsSource.MOVERS + k * (1 + StepsSource.AXES);
  }
}
