package dev.proteus.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/// DJL on PyTorch's own build with MKL: the fair bar for products.
final class DjlEngine implements Engine {
  private final Map<String, Supplier<Runnable>> works = new LinkedHashMap<>();

  DjlEngine() {
    products();
    others();
  }

  @Override
  public Map<String, Supplier<Runnable>> works() {
    return works;
  }

  @Override
  public int warmup() {
    return 3;
  }

  @Override
  public boolean isAvailable() {
    return Engine.hasPeers();
  }

  private static NDArray randn(long... sizes) {
    return NDManager.newBaseManager("PyTorch").randomNormal(new Shape(sizes));
  }

  /// A work whose result is closed as soon as it is there.
  private static Runnable closing(NDArray x, Function<NDArray, NDArray> function) {
    return () -> function.apply(x).close();
  }

  private void products() {
    for (long n : new long[] {128, 512, 1024, 2048}) {
      works.put("matmul " + n, () -> product(randn(n, n), randn(n, n)));
    }
    works.put("matmul 1x1024 . 1024x1024", () -> product(randn(1, 1024), randn(1024, 1024)));
    works.put("matmul 32x784 . 784x256", () -> product(randn(32, 784), randn(784, 256)));
    works.put("matmul 1024 float64", () -> square(1024, DataType.FLOAT64));
    works.put("bmm 96 x 128x64 . 64x128", () -> product(randn(96, 128, 64), randn(96, 64, 128)));
  }

  private static Runnable square(long n, DataType type) {
    return product(randn(n, n).toType(type, true), randn(n, n).toType(type, true));
  }

  private static Runnable product(NDArray a, NDArray b) {
    return closing(a, x -> x.matMul(b));
  }

  private void others() {
    works.put("add 16M", () -> sum(randn(1L << 24), randn(1L << 24)));
    works.put("add 4096x4096 + 4096", () -> sum(randn(4096, 4096), randn(4096)));
    works.put("add 256K", () -> sum(randn(1L << 18), randn(1L << 18)));
    works.put("exp 4M", () -> closing(randn(1L << 22), NDArray::exp));
    works.put("sum all 16M", () -> closing(randn(1L << 24), NDArray::sum));
    for (int axis : new int[] {0, 1}) {
      works.put(
          "sum axis " + axis + " 4096x4096",
          () -> closing(randn(4096, 4096), x -> x.sum(new int[] {axis})));
    }
    works.put("softmax 4096x1024", () -> closing(randn(4096, 1024), x -> x.softmax(1)));
    works.put("argmax axis 1 4096x4096", () -> closing(randn(4096, 4096), x -> x.argMax(1)));
    works.put("add 8", () -> sum(randn(8), randn(8)));
  }

  private static Runnable sum(NDArray a, NDArray b) {
    return closing(a, x -> x.add(b));
  }
}
