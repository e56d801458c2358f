package dev.proteus.backend.cpu.vector;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Heap arrays that kernels work in, kept for reuse: fresh ones cost page faults and collections.
///
/// Lengths are at least powers of two; contents are left over from earlier use.
public final class Scratch {
  private static final int PAGE = 4096;
  private static final int LINE = 16;

  private final AtomicInteger made = new AtomicInteger();
  private final List<Queue<float[]>> floats = queues();
  private final List<Queue<double[]>> doubles = queues();

  private static <A> List<Queue<A>> queues() {
    List<Queue<A>> queues = new ArrayList<>();
    for (int bits = 0; bits < Integer.SIZE; bits++) {
      queues.add(new ConcurrentLinkedQueue<>());
    }
    return List.copyOf(queues);
  }

  private static int bits(int length) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(1, length) - 1);
  }

  /// The length of a new array. Arrays that follow each other at a distance of whole pages get in
  /// each other's way: a load waits for a store to the same place of another page. So each is
  /// longer by another number of cache lines.
  private int length(int bits) {
    int whole = 1 << bits;
    return whole < PAGE ? whole : whole + LINE * Math.floorMod(made.getAndIncrement() * 7, 61);
  }

  private static int bitsOf(int length) {
    return Integer.SIZE - 1 - Integer.numberOfLeadingZeros(length);
  }

  /// An array of at least `length` floats.
  public float[] floats(int length) {
    float @Nullable [] kept = floats.get(bits(length)).poll();
    return kept == null ? new float[length(bits(length))] : kept;
  }

  /// An array of at least `length` doubles.
  public double[] doubles(int length) {
    double @Nullable [] kept = doubles.get(bits(length)).poll();
    return kept == null ? new double[length(bits(length))] : kept;
  }

  /// Takes an array back that came from here.
  public void give(float[] array) {
    floats.get(bitsOf(array.length)).add(array);
  }

  /// Takes an array back that came from here.
  public void give(double[] array) {
    doubles.get(bitsOf(array.length)).add(array);
  }

  /// Lets all kept arrays go.
  public void trim() {
    floats.forEach(Queue::clear);
    doubles.forEach(Queue::clear);
  }
}
