package dev.proteus.bench;

import dev.proteus.nn.Layer;
import dev.proteus.nn.LayerNorm;
import dev.proteus.nn.quant.Int4Weight;
import dev.proteus.nn.quant.Int8Weight;
import dev.proteus.optim.Adam;
import dev.proteus.optim.Optimizer;
import dev.proteus.optim.Sgd;
import dev.proteus.spi.Backend;
import dev.proteus.spi.BackendProvider;
import dev.proteus.spi.Backends;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/// Proteus on one device, each invocation in a memory scope as a training loop would have it, and
/// over when the device is done.
final class ProteusEngine implements Engine {
  private final Map<String, Supplier<Runnable>> works = new LinkedHashMap<>();
  private final Device device;

  ProteusEngine(Device device) {
    this.device = device;
    products();
    quantized();
    pointwise();
    folds();
    networks();
    withoutGrad("1,000 x add 8", () -> thousandSums(Tensor.ones(8)));
    if (device.equals(Device.CPU)) {
      calls();
      casts();
      works.putAll(Identities.works());
    }
  }

  @Override
  public boolean isAvailable() {
    return Backends.providers().stream()
        .filter(provider -> provider.kind().equals(device.kind()))
        .anyMatch(provider ->
            provider.availability() instanceof BackendProvider.Availability.Available(int count)
                && device.index() < count);
  }

  @Override
  public Map<String, Supplier<Runnable>> works() {
    return works;
  }

  /// A step of training makes hundreds of different calls, which the JVM compiles one by one.
  @Override
  public int warmup() {
    return 10;
  }

  /// A work that makes tensors and drops them, without gradients.
  private void withoutGrad(String name, Supplier<Runnable> prepared) {
    works.put(
        name,
        () -> {
          Runnable run = prepared(prepared);
          return () -> Scope.noGrad(() -> Scope.memory(run));
        });
  }

  /// A work that records and walks a graph.
  private void withGrad(String name, Supplier<Runnable> prepared) {
    works.put(
        name,
        () -> {
          Runnable run = prepared(prepared);
          return () -> Scope.memory(run);
        });
  }

  /// The work made ready on the device, waiting for it at its end.
  private Runnable prepared(Supplier<Runnable> work) {
    Runnable run = Scope.on(device, work);
    Backend backend = Backends.of(device);
    return () -> {
      run.run();
      backend.synchronize();
    };
  }

  private void products() {
    for (int n : new int[] {128, 512, 1024, 2048}) {
      withoutGrad("matmul " + n, () -> product(Tensor.randn(n, n), Tensor.randn(n, n)));
    }
    withoutGrad(
        "matmul 1x1024 . 1024x1024",
        () -> product(Tensor.randn(1, 1024), Tensor.randn(1024, 1024)));
    withoutGrad(
        "matmul 32x784 . 784x256", () -> product(Tensor.randn(32, 784), Tensor.randn(784, 256)));
    withoutGrad("matmul 1024 float64", () -> square(1024, DType.FLOAT64));
    withoutGrad(
        "bmm 96 x 128x64 . 64x128",
        () -> product(Tensor.randn(96, 128, 64), Tensor.randn(96, 64, 128)));
    withoutGrad("matmul 256 bfloat16", () -> square(256, DType.BFLOAT16));
  }

  private static Runnable square(int n, DType dtype) {
    return product(Tensor.randn(n, n).to(dtype), Tensor.randn(n, n).to(dtype));
  }

  private static Runnable product(Tensor a, Tensor b) {
    return () -> a.matmul(b);
  }

  private void quantized() {
    for (int rows : new int[] {1, 256}) {
      String name = "linear " + rows + "x4096, ";
      quantized(name + "float32", rows, UnaryOperator.identity());
      quantized(name + "int8", rows, Int8Weight::quantize);
      quantized(name + "int4", rows, Int4Weight::quantize);
    }
  }

  private void quantized(String name, int rows, UnaryOperator<Tensor> weight) {
    withoutGrad(
        name,
        () -> {
          Tensor w = weight.apply(Tensor.randn(4096, 4096));
          return on(Tensor.randn(rows, 4096), x -> x.linear(w));
        });
  }

  private void pointwise() {
    withoutGrad("add 16M", () -> sum(Tensor.randn(1 << 24), Tensor.randn(1 << 24)));
    withoutGrad("add 4096x4096 + 4096", () -> sum(Tensor.randn(4096, 4096), Tensor.randn(4096)));
    withoutGrad("add 256K", () -> sum(Tensor.randn(1 << 18), Tensor.randn(1 << 18)));
    withoutGrad("exp 4M", () -> on(Tensor.randn(1 << 22), Tensor::exp));
    withoutGrad("gelu 4M", () -> on(Tensor.randn(1 << 22), Tensor::geluTanh));
    withoutGrad("gelu chain 4M", () -> on(Tensor.randn(1 << 22), ProteusEngine::chain));
    withoutGrad(
        "contiguous of transpose 4096x4096",
        () -> on(Tensor.randn(4096, 4096).t(), Tensor::contiguous));
  }

  private static Runnable sum(Tensor a, Tensor b) {
    return () -> a.add(b);
  }

  /// So many that waiting for the device counts for nothing: what is left is a launch each.
  private static Runnable thousandSums(Tensor x) {
    return () -> {
      for (int i = 0; i < 1000; i++) {
        x.add(x);
      }
    };
  }

  private static Runnable on(Tensor x, UnaryOperator<Tensor> function) {
    return () -> {
      Tensor _ = function.apply(x);
    };
  }

  private static Tensor chain(Tensor x) {
    Tensor cubic = x.mul(x).mul(x).mul(0.044715).add(x).mul(0.7978845608);
    return cubic.tanh().add(1.0).mul(x).mul(0.5);
  }

  private void folds() {
    withoutGrad("sum all 16M", () -> on(Tensor.randn(1 << 24), x -> x.sum()));
    for (int axis : new int[] {0, 1}) {
      withoutGrad(
          "sum axis " + axis + " 4096x4096", () -> on(Tensor.randn(4096, 4096), x -> x.sum(axis)));
    }
    withoutGrad("softmax 4096x1024", () -> on(Tensor.randn(4096, 1024), x -> x.softmax(1)));
    withoutGrad(
        "layerNorm 4096x768", () -> on(Tensor.randn(4096, 768), new LayerNorm(768)::forward));
    withoutGrad("argmax axis 1 4096x4096", () -> on(Tensor.randn(4096, 4096), x -> x.argmax(1)));
  }

  private void networks() {
    withoutGrad(
        "conv2d forward", () -> forward(Networks.convolution(), Tensor.randn(8, 64, 56, 56)));
    withGrad(
        "conv2d forward + backward",
        () -> {
          Layer layer = Networks.convolution();
          Tensor x = Tensor.randn(8, 64, 56, 56).requiresGrad_(true);
          return () -> {
            layer.zeroGrad();
            x.clearGrad();
            layer.forward(x).sum().backward();
          };
        });
    withoutGrad(
        "encoder block 8x128x384", () -> forward(Networks.encoder(), Tensor.randn(8, 128, 384)));
    withoutGrad("MLP forward", () -> forward(Networks.mlp(), digits()));
    withGrad("MLP SGD", () -> training(Networks.mlp(), digits(), Rule.SGD));
    withGrad("MLP Adam", () -> training(Networks.mlp(), digits(), Rule.ADAM));
    withoutGrad("LeNet forward", () -> forward(Networks.leNet(), images()));
    withGrad("LeNet SGD", () -> training(Networks.leNet(), images(), Rule.SGD));
    withGrad("LeNet Adam", () -> training(Networks.leNet(), images(), Rule.ADAM));
  }

  private static Tensor digits() {
    return Tensor.randn(128, 784);
  }

  private static Tensor images() {
    return Tensor.randn(64, 1, 28, 28);
  }

  private static Runnable forward(Layer layer, Tensor input) {
    layer.eval();
    return () -> layer.forward(input);
  }

  private enum Rule {
    SGD,
    ADAM
  }

  private static Runnable training(Layer model, Tensor input, Rule rule) {
    Tensor labels = Tensor.randint(0, 10, input.size(0));
    Optimizer<?> optimizer =
        switch (rule) {
          case SGD -> new Sgd(model.parameters(), new Sgd.Options(0.01).withMomentum(0.9));
          case ADAM -> new Adam(model.parameters(), 1e-3);
        };
    return () -> {
      optimizer.zeroGrad();
      model.forward(input).crossEntropy(labels).backward();
      optimizer.step();
    };
  }

  private void calls() {
    works.put("add 8", () -> sum(Tensor.ones(8), Tensor.ones(8)));
    works.put("add 8, with grad", () -> sum(leaf(), Tensor.ones(8)));
    works.put(
        "backward on 8",
        () -> {
          Tensor leaf = leaf();
          Tensor factor = Tensor.ones(8);
          return () -> {
            leaf.clearGrad();
            leaf.mul(factor).sum().backward();
          };
        });
  }

  private static Tensor leaf() {
    return Tensor.ones(8).requiresGrad_(true);
  }

  private void casts() {
    cast("20 x Linear 1024 to float64 and back", DType.FLOAT64);
    cast("20 x Linear 1024 to bfloat16 and back", DType.BFLOAT16);
  }

  private void cast(String name, DType dtype) {
    works.put(
        name,
        () -> {
          Layer model = Networks.wide();
          return () -> model.to(dtype).to(DType.FLOAT32);
        });
  }
}
