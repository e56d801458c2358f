package dev.proteus.backend.opencl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.backend.opencl.Failures.Deed;
import dev.proteus.error.DeviceException;
import dev.proteus.error.DeviceLostException;
import dev.proteus.error.DeviceOutOfMemoryException;
import dev.proteus.op.Copies;
import dev.proteus.op.Map;
import dev.proteus.spi.Operand;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import dev.proteus.type.Layout;
import dev.proteus.type.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Failures of a driver, which are made up: what is thrown, and what works afterwards.
class OpenClErrorsTest {
  private static final Device DEVICE = new Device("opencl", 9);
  private static final Map COPY = Copies.contiguous(DType.FLOAT32);

  private final Faults faults = new Faults();
  private final OpenClBackend backend;

  OpenClErrorsTest() {
    WithDevice.check();
    backend =
        new OpenClBackend(
            DEVICE, OpenClDriver.devices().getFirst(), new ProgramCache(null, 0), faults);
  }

  @BeforeAll
  static void device() {
    WithDevice.check();
  }

  @AfterEach
  void close() {
    backend.close();
  }

  /// Makes the next calls fail that are to do something.
  private static final class Faults implements ToIntFunction<String> {
    private String what = "";
    private int status;
    private int times;

    void fail(String what, int status, int times) {
      this.what = what;
      this.status = status;
      this.times = times;
    }

    @Override
    public int applyAsInt(String call) {
      if (times > 0 && call.startsWith(what)) {
        times--;
        return status;
      }
      return 0;
    }
  }

  private static String message(Throwable error) {
    return String.valueOf(error.getMessage());
  }

  private static Operand operand(OpenClStorage storage) {
    return new Operand(storage, Layout.contiguous(Shape.of(4)), DType.FLOAT32);
  }

  private void copies() {
    OpenClStorage from = backend.allocate(16);
    OpenClStorage to = backend.allocate(16);
    try {
      backend.copyFromHost(MemorySegment.ofArray(new float[] {1, 2, 3, 4}), from, 0);
      backend.kernel(COPY, List.of()).run(List.of(operand(from)), List.of(operand(to)));
      MemorySegment host = MemorySegment.ofArray(new float[4]);
      backend.copyToHost(to, 0, host);
      assertEquals(3, host.getAtIndex(ValueLayout.JAVA_FLOAT, 2));
    } finally {
      from.release();
      to.release();
    }
  }

  @Test
  void memoryThatIsShortIsAskedForAgainAfterWhatIsKeptWasGivenUp() {
    backend.allocate(1000).release();
    assertEquals(1024, backend.memory().cached());
    faults.fail("allocation", -4, 1);
    backend.allocate(1 << 20).release();
    assertEquals(1 << 20, backend.memory().cached());
  }

  @ParameterizedTest
  @CsvSource({
    "-4, CL_MEM_OBJECT_ALLOCATION_FAILURE",
    "-5, CL_OUT_OF_RESOURCES",
    "-6, CL_OUT_OF_HOST_MEMORY"
  })
  void memoryThatIsNotThereIsAnErrorThatListsWhatIsLive(int status, String code) {
    OpenClStorage live = backend.allocate(3000);
    faults.fail("allocation", status, Integer.MAX_VALUE);
    var error = assertThrows(DeviceOutOfMemoryException.class, () -> backend.allocate(1 << 20));
    String message = message(error);
    assertTrue(message.startsWith("opencl:9: out of memory: asked for 1048576 bytes"), message);
    assertTrue(message.contains("live 3000") && message.contains(" 1 x 3072"), message);
    assertTrue(message.contains(code + " (" + status + ")"), message);
    faults.fail("", 0, 0);
    live.release();
    copies();
  }

  @Test
  void aCommandThatIsRefusedNamesOperatorDeviceAndCode() {
    faults.fail("launch", -54, 1);
    var error = assertThrows(DeviceException.class, this::copies);
    String message = message(error);
    assertTrue(message.startsWith(COPY.name() + ": opencl:9 ("), message);
    assertTrue(
        message.contains("launch of 'steps' failed: CL_INVALID_WORK_GROUP_SIZE (-54)"), message);
    copies();
  }

  @Test
  void memoryThatACommandIsShortOfIsGivenUpFirst() {
    copies();
    faults.fail("launch", -4, 1);
    copies();
    faults.fail("launch", -4, 2);
    var error = assertThrows(DeviceOutOfMemoryException.class, this::copies);
    assertTrue(message(error).startsWith(COPY.name() + ": opencl:9 ("), message(error));
    copies();
  }

  @Test
  void aKernelThatDoesNotCompileComesWithTheCompilersLog() {
    OpenClDriver driver =
        new OpenClDriver(
            DEVICE,
            OpenClDriver.devices().getFirst(),
            OpenClDriver.Writes.IN_ORDER,
            OpenClDriver.NO_FAULTS);
    try (driver) {
      var error =
          assertThrows(
              DeviceException.class, () -> driver.build("__kernel void f() { nonsense(); }", "f"));
      String message = message(error);
      assertTrue(
          message.contains("compilation of 'f' failed: CL_BUILD_PROGRAM_FAILURE (-11)"), message);
      assertTrue(message.indexOf("nonsense") < message.lastIndexOf("nonsense"), message);
      assertTrue(message.endsWith("{ nonsense(); }"), message);
    }
  }

  @Test
  void aLostDeviceSaysSoOnceAndFailsFromThenOn() {
    copies();
    OpenClStorage live = backend.allocate(16);
    faults.fail("waiting", -5, 1);
    var first = assertThrows(DeviceLostException.class, backend::synchronize);
    assertTrue(message(first).endsWith("waiting failed: CL_OUT_OF_RESOURCES (-5)"), message(first));

    assertFailsBecauseOf(first, () -> backend.allocate(1 << 20));
    assertFailsBecauseOf(first, backend::synchronize);
    MemorySegment host = MemorySegment.ofArray(new float[4]);
    assertFailsBecauseOf(first, () -> backend.copyFromHost(host, live, 0));
    assertFailsBecauseOf(first, () -> backend.copyToHost(live, 0, host));
    live.release();
    assertTrue(live.isReleased());
    backend.trim();
    assertEquals(0, backend.memory().live());

    OpenClBackend other =
        new OpenClBackend(
            DEVICE, OpenClDriver.devices().getFirst(), new ProgramCache(null, 0), new Faults());
    other.allocate(16).release();
    other.close();
  }

  private static void assertFailsBecauseOf(DeviceLostException first, Runnable call) {
    var later = assertThrows(DeviceLostException.class, call::run);
    assertSame(first, later.getCause());
    assertTrue(message(later).contains("opencl:9 ("), message(later));
    assertTrue(message(later).contains("CL_OUT_OF_RESOURCES (-5)"), message(later));
  }

  @Test
  void aDeviceThatIsLostInACallNamesTheOperator() {
    copies();
    faults.fail("launch", -36, 1);
    var error = assertThrows(DeviceLostException.class, this::copies);
    assertTrue(message(error).startsWith(COPY.name() + ": opencl:9 ("), message(error));
    assertInstanceOf(DeviceLostException.class, error.getCause());
  }

  /// What a code means, by what the call was to do.
  @ParameterizedTest
  @CsvSource({
    "-2, LOST, LOST, LOST",
    "-4, MEMORY, MEMORY, MEMORY",
    "-5, MEMORY, REFUSED, LOST",
    "-6, MEMORY, MEMORY, MEMORY",
    "-11, REFUSED, REFUSED, REFUSED",
    "-14, REFUSED, REFUSED, LOST",
    "-34, LOST, LOST, LOST",
    "-36, LOST, LOST, LOST",
    "-9999, REFUSED, REFUSED, LOST"
  })
  void codes(int status, Meaning making, Meaning queueing, Meaning waiting) {
    assertEquals(making, meaning(Deed.MAKE, status));
    assertEquals(queueing, meaning(Deed.QUEUE, status));
    assertEquals(waiting, meaning(Deed.WAIT, status));
  }

  enum Meaning {
    LOST,
    MEMORY,
    REFUSED
  }

  private static Meaning meaning(Deed deed, int status) {
    Failures failures = new Failures("opencl:9");
    RuntimeException error =
        failures.of(deed, "copy", status, "CODE", "", new IllegalStateException("made up"));
    assertEquals(error instanceof DeviceLostException, failures.isLost());
    if (error instanceof DeviceOutOfMemoryException) {
      return Meaning.MEMORY;
    }
    return failures.isLost() ? Meaning.LOST : Meaning.REFUSED;
  }
}
