package dev.proteus.backend.opencl;

import static org.jocl.CL.CL_CONTEXT_PLATFORM;
import static org.jocl.CL.CL_DEVICE_DOUBLE_FP_CONFIG;
import static org.jocl.CL.CL_DEVICE_GLOBAL_MEM_SIZE;
import static org.jocl.CL.CL_DEVICE_MAX_COMPUTE_UNITS;
import static org.jocl.CL.CL_DEVICE_MAX_MEM_ALLOC_SIZE;
import static org.jocl.CL.CL_DEVICE_NAME;
import static org.jocl.CL.CL_DEVICE_NOT_FOUND;
import static org.jocl.CL.CL_DEVICE_TYPE;
import static org.jocl.CL.CL_DEVICE_TYPE_ALL;
import static org.jocl.CL.CL_DEVICE_TYPE_CPU;
import static org.jocl.CL.CL_DEVICE_VERSION;
import static org.jocl.CL.CL_DRIVER_VERSION;
import static org.jocl.CL.CL_MEM_READ_WRITE;
import static org.jocl.CL.CL_PLATFORM_NAME;
import static org.jocl.CL.CL_PROGRAM_BINARIES;
import static org.jocl.CL.CL_PROGRAM_BINARY_SIZES;
import static org.jocl.CL.CL_TRUE;
import static org.jocl.CL.clBuildProgram;
import static org.jocl.CL.clCreateBuffer;
import static org.jocl.CL.clCreateCommandQueue;
import static org.jocl.CL.clCreateContext;
import static org.jocl.CL.clCreateKernel;
import static org.jocl.CL.clCreateProgramWithBinary;
import static org.jocl.CL.clCreateProgramWithSource;
import static org.jocl.CL.clEnqueueCopyBuffer;
import static org.jocl.CL.clEnqueueNDRangeKernel;
import static org.jocl.CL.clEnqueueReadBuffer;
import static org.jocl.CL.clEnqueueWriteBuffer;
import static org.jocl.CL.clFinish;
import static org.jocl.CL.clGetDeviceIDs;
import static org.jocl.CL.clGetDeviceInfo;
import static org.jocl.CL.clGetPlatformIDs;
import static org.jocl.CL.clGetPlatformInfo;
import static org.jocl.CL.clGetProgramInfo;
import static org.jocl.CL.clReleaseCommandQueue;
import static org.jocl.CL.clReleaseContext;
import static org.jocl.CL.clReleaseMemObject;
import static org.jocl.CL.clReleaseProgram;
import static org.jocl.CL.clSetKernelArg;
import static org.jocl.CL.setExceptionsEnabled;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.Sizeof;
import org.jocl.cl_command_queue;
import org.jocl.cl_context;
import org.jocl.cl_context_properties;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import org.jocl.cl_mem;
import org.jocl.cl_platform_id;
import org.jocl.cl_program;
import org.jspecify.annotations.Nullable;

/// OpenCL as the rest of this backend sees it, and the one class that knows JOCL: a context and an
/// in-order queue on one device.
///
/// Commands run in the order in which they were given, whoever gave them. A released buffer or a
/// wrong length would take the process down instead of failing, so both are checked here.
final class OpenClDriver implements AutoCloseable {
  /// Bytes of one transfer: larger buffers than this do not fit a Java buffer.
  private static final long CHUNK = 1L << 30;

  private static final String OPTIONS = "-cl-std=CL1.2";

  private final cl_context context;
  private final cl_command_queue queue;
  private final cl_device_id device;
  private final Found found;
  private final ProgramCache cache;
  private final AtomicInteger built = new AtomicInteger();

  /// A device and what it can do.
  static final class Found {
    private final cl_platform_id platform;
    private final cl_device_id device;

    private Found(cl_platform_id platform, cl_device_id device) {
      this.platform = platform;
      this.device = device;
    }

    String platform() {
      return text(
          (size, out, needed) -> clGetPlatformInfo(platform, CL_PLATFORM_NAME, size, out, needed));
    }

    String name() {
      return info(CL_DEVICE_NAME);
    }

    String version() {
      return info(CL_DEVICE_VERSION);
    }

    String driver() {
      return info(CL_DRIVER_VERSION);
    }

    long memory() {
      return number(CL_DEVICE_GLOBAL_MEM_SIZE);
    }

    /// Bytes of the largest buffer.
    long largest() {
      return number(CL_DEVICE_MAX_MEM_ALLOC_SIZE);
    }

    int units() {
      return (int) number(CL_DEVICE_MAX_COMPUTE_UNITS);
    }

    boolean hasDoubles() {
      return number(CL_DEVICE_DOUBLE_FP_CONFIG) != 0;
    }

    boolean isProcessor() {
      return (number(CL_DEVICE_TYPE) & CL_DEVICE_TYPE_CPU) != 0;
    }

    private long number(int what) {
      long[] value = new long[1];
      long[] size = new long[1];
      clGetDeviceInfo(device, what, Sizeof.cl_ulong, Pointer.to(value), size);
      return size[0] == Sizeof.cl_uint ? value[0] & 0xffffffffL : value[0];
    }

    private String info(int what) {
      return text((size, out, needed) -> clGetDeviceInfo(device, what, size, out, needed));
    }

    /// A query for a text: into `out` of `size` bytes, or how many it needs.
    private interface Query {
      int ask(long size, @Nullable Pointer out, long @Nullable [] needed);
    }

    private static String text(Query query) {
      long[] needed = new long[1];
      query.ask(0, null, needed);
      byte[] bytes = new byte[(int) needed[0]];
      query.ask(bytes.length, Pointer.to(bytes), null);
      return new String(bytes, 0, bytes.length - 1, StandardCharsets.UTF_8).strip();
    }
  }

  /// Memory of the device.
  static final class Buffer {
    private final cl_mem memory;
    private final long bytes;
    private volatile boolean released;

    private Buffer(cl_mem memory, long bytes) {
      this.memory = memory;
      this.bytes = bytes;
    }

    long bytes() {
      return bytes;
    }

    private cl_mem live() {
      if (released) {
        throw new IllegalStateException("opencl: a released buffer of " + bytes + " bytes is used");
      }
      return memory;
    }

    synchronized void release() {
      if (!released) {
        released = true;
        clReleaseMemObject(memory);
      }
    }
  }

  /// A kernel that was compiled. Its arguments are state, so launches take turns.
  static final class Entry {
    private final cl_kernel kernel;

    /// Keeps the program for the next process, until the first launch has begun that.
    private @Nullable Runnable keep;

    private Entry(cl_kernel kernel, @Nullable Runnable keep) {
      this.kernel = kernel;
      this.keep = keep;
    }
  }

  /// @param cache where compiled programs are kept
  OpenClDriver(Found found, ProgramCache cache) {
    setExceptionsEnabled(true);
    this.found = found;
    this.cache = cache;
    device = found.device;
    cl_context_properties properties = new cl_context_properties();
    properties.addProperty(CL_CONTEXT_PLATFORM, found.platform);
    context = clCreateContext(properties, 1, new cl_device_id[] {device}, null, null, null);
    queue = queue(context, device);
  }

  /// The call of OpenCL 1.2, which later versions replace.
  @SuppressWarnings("deprecation")
  private static cl_command_queue queue(cl_context context, cl_device_id device) {
    return clCreateCommandQueue(context, device, 0, null);
  }

  /// All devices of all platforms. One thread at a time: drivers set themselves up at the first
  /// call, and one that is called meanwhile says that it has no device.
  ///
  /// @throws LinkageError if there is no OpenCL on this machine
  /// @throws CLException if it has no platform
  static synchronized List<Found> devices() {
    setExceptionsEnabled(true);
    int[] count = new int[1];
    clGetPlatformIDs(0, null, count);
    cl_platform_id[] platforms = new cl_platform_id[count[0]];
    clGetPlatformIDs(platforms.length, platforms, null);
    List<Found> found = new ArrayList<>();
    for (cl_platform_id platform : platforms) {
      found.addAll(devices(platform));
    }
    return found;
  }

  private static List<Found> devices(cl_platform_id platform) {
    int[] count = new int[1];
    try {
      clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 0, null, count);
    } catch (CLException e) {
      if (e.getStatus() == CL_DEVICE_NOT_FOUND) {
        return List.of();
      }
      throw e;
    }
    cl_device_id[] devices = new cl_device_id[count[0]];
    clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, devices.length, devices, null);
    return Arrays.stream(devices).map(device -> new Found(platform, device)).toList();
  }

  // ---- memory

  Buffer allocate(long bytes) {
    return new Buffer(clCreateBuffer(context, CL_MEM_READ_WRITE, bytes, null, null), bytes);
  }

  /// Writes all of `source`; done when it returns.
  void write(MemorySegment source, Buffer target, long offset) {
    check(offset, source.byteSize(), target);
    try (Arena arena = Arena.ofConfined()) {
      for (long at = 0; at < source.byteSize(); at += CHUNK) {
        MemorySegment part = source.asSlice(at, Math.min(CHUNK, source.byteSize() - at));
        MemorySegment direct = part;
        if (!part.isNative()) {
          direct = arena.allocate(part.byteSize());
          direct.copyFrom(part);
        }
        clEnqueueWriteBuffer(
            queue,
            target.live(),
            CL_TRUE,
            offset + at,
            part.byteSize(),
            Pointer.to(direct.asByteBuffer()),
            0,
            null,
            null);
      }
    }
  }

  /// Fills `target`; done when it returns.
  void read(Buffer source, long offset, MemorySegment target) {
    check(offset, target.byteSize(), source);
    try (Arena arena = Arena.ofConfined()) {
      for (long at = 0; at < target.byteSize(); at += CHUNK) {
        MemorySegment part = target.asSlice(at, Math.min(CHUNK, target.byteSize() - at));
        MemorySegment direct = part.isNative() ? part : arena.allocate(part.byteSize());
        clEnqueueReadBuffer(
            queue,
            source.live(),
            CL_TRUE,
            offset + at,
            part.byteSize(),
            Pointer.to(direct.asByteBuffer()),
            0,
            null,
            null);
        if (!part.isNative()) {
          part.copyFrom(direct);
        }
      }
    }
  }

  /// Copies bytes between two buffers, in order with everything else.
  void copy(Buffer source, long from, Buffer target, long to, long bytes) {
    check(from, bytes, source);
    check(to, bytes, target);
    if (bytes > 0) {
      clEnqueueCopyBuffer(queue, source.live(), target.live(), from, to, bytes, 0, null, null);
    }
  }

  private static void check(long offset, long bytes, Buffer buffer) {
    if (offset < 0 || bytes > buffer.bytes() - offset) {
      throw new IndexOutOfBoundsException(
          "opencl: %s bytes at %s leave a buffer of %s".formatted(bytes, offset, buffer.bytes()));
    }
  }

  // ---- kernels

  /// Takes one kernel of a program, which is compiled if it is not kept.
  ///
  /// @throws IllegalStateException with the compiler's log
  Entry compile(String source, String name) {
    String key =
        ProgramCache.key(List.of(source, OPTIONS, found.platform(), found.name(), found.driver()));
    Optional<Entry> kept = cache.read(key).flatMap(binary -> load(key, binary, name));
    if (kept.isPresent()) {
      return kept.get();
    }
    cl_program program = clCreateProgramWithSource(context, 1, new String[] {source}, null, null);
    try {
      clBuildProgram(program, 1, new cl_device_id[] {device}, OPTIONS, null, null);
      built.incrementAndGet();
      cl_kernel kernel = clCreateKernel(program, name, null);
      if (!cache.isOn()) {
        clReleaseProgram(program);
        return new Entry(kernel, null);
      }
      return new Entry(kernel, () -> Background.run(() -> keep(key, program)));
    } catch (CLException e) {
      clReleaseProgram(program);
      throw new IllegalStateException(
          "opencl: '%s' does not compile: %s%n%s".formatted(name, e.getMessage(), source), e);
    }
  }

  /// The kernel of a program that was kept; none if the driver does not take it any more.
  private Optional<Entry> load(String key, byte[] binary, String name) {
    cl_device_id[] devices = {device};
    cl_program program = null;
    try {
      program =
          clCreateProgramWithBinary(
              context, 1, devices, new long[] {binary.length}, new byte[][] {binary}, null, null);
      clBuildProgram(program, 1, devices, OPTIONS, null, null);
      return Optional.of(new Entry(clCreateKernel(program, name, null), null));
    } catch (CLException _) {
      cache.delete(key);
      return Optional.empty();
    } finally {
      if (program != null) {
        clReleaseProgram(program);
      }
    }
  }

  /// Keeps a program once its first launch is done: PoCL compiles a kernel for the shape of a
  /// launch, and what it gives before that lacks the part which takes longest.
  private void keep(String key, cl_program program) {
    try {
      clFinish(queue);
      long[] size = new long[1];
      clGetProgramInfo(program, CL_PROGRAM_BINARY_SIZES, Sizeof.size_t, Pointer.to(size), null);
      byte[] binary = new byte[Math.toIntExact(size[0])];
      Pointer target = Pointer.to(Pointer.to(binary));
      clGetProgramInfo(program, CL_PROGRAM_BINARIES, Sizeof.POINTER, target, null);
      if (binary.length > 0) {
        cache.write(key, binary);
      }
    } catch (CLException _) {
      // A driver need not have binaries.
    } finally {
      clReleaseProgram(program);
    }
  }

  /// How many programs were compiled from their sources.
  int built() {
    return built.get();
  }

  /// Runs a kernel on buffers and numbers, one argument for each buffer and one for all numbers.
  void launch(Entry entry, List<Buffer> buffers, long[] words, long items, long lanes) {
    synchronized (entry) {
      int argument = 0;
      for (Buffer buffer : buffers) {
        clSetKernelArg(entry.kernel, argument++, Sizeof.cl_mem, Pointer.to(buffer.live()));
      }
      clSetKernelArg(
          entry.kernel, argument, (long) Sizeof.cl_long * words.length, Pointer.to(words));
      clEnqueueNDRangeKernel(
          queue, entry.kernel, 1, null, new long[] {items}, new long[] {lanes}, 0, null, null);
      if (entry.keep != null) {
        entry.keep.run();
        entry.keep = null;
      }
    }
  }

  /// Returns when all commands given so far are done.
  void finish() {
    clFinish(queue);
  }

  @Override
  public void close() {
    Background.await();
    finish();
    clReleaseCommandQueue(queue);
    clReleaseContext(context);
  }
}
