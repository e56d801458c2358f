package dev.proteus.backend.opencl;

import dev.proteus.backend.opencl.OpenClDriver.Buffer;
import dev.proteus.error.DeviceLostException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/// A buffer in memory of the host that belongs to someone else, who gets it back when the device is
/// done with it.
///
/// It counts nowhere: it is neither taken from the device nor kept for reuse.
final class AdoptedMemory implements OpenClStorage.Loan, Runnable {
  private final OpenClDriver driver;
  private final MemorySegment memory;
  private final Buffer buffer;
  private final Runnable released;
  private boolean givenBack;

  /// @param memory held here, since the device does not keep it from the garbage collector
  /// @param released runs once; must not refer to the storage
  AdoptedMemory(OpenClDriver driver, MemorySegment memory, Runnable released) {
    this.driver = driver;
    this.memory = memory;
    this.buffer = driver.wrap(memory);
    this.released = released;
  }

  @Override
  public Buffer buffer() {
    return buffer;
  }

  @Override
  public synchronized boolean isGivenBack() {
    return givenBack;
  }

  private synchronized boolean isFirst() {
    boolean isFirst = !givenBack;
    givenBack = true;
    return isFirst;
  }

  /// Waits for the commands given so far, for they may work in this memory.
  @Override
  public void giveBack() {
    if (isFirst()) {
      try {
        driver.finish();
      } catch (DeviceLostException _) {
        // There is nobody left who could work in it.
      } finally {
        buffer.release();
        released.run();
        Reference.reachabilityFence(memory);
      }
    }
  }

  @Override
  public void run() {
    giveBack();
  }
}
