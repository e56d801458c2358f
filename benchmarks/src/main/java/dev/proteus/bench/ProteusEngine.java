package dev.proteus.bench;

import dev.proteus.nn.Layer;
import dev.proteus.optim.Adam;
import dev.proteus.optim.Optimizer;
import dev.proteus.optim.Sgd;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// Proteus, each invocation in a memory scope as a training loop would have it.
final class ProteusEngine implements Engine {
  private final Map<String, Supplier<Runnable>> works = new LinkedHashMap<>();

  ProteusEngine() {
    products();
    pointwise();
    folds();
    networks();
    calls();
    casts();
  }

  @Override
  public Map<String, Supplier<Runnable>> works() {
    return works;
  }

  /// A work that makes tensors and drops them, without gradients.
  private void add(String name, Supplier<Runnable> prepared) {
    works.put(
        name,
        () -> {
          Runnable run = prepared.get();
          return () -> Scope.noGrad(() -> Scope.memory(run));
        });
  }

  /// A work that records and walks a graph.
  private void addWithGrad(String name, Supplier<Runnable> prepared) {
    works.put(
        name,
        () -> {
          Runnable run = prepared.get();
          return () -> Scope.memory(run);
        });
  }

  private void products() {
    for (int n : new int[] {128, 512, 1024, 2048}) {
      add("matmul " + n, () -> product(Tensor.randn(n, n), Tensor.randn(n, n)));
    }
    add(
        "matmul 1x1024 . 1024x1024",
        () -> product(Tensor.randn(1, 1024), Tensor.randn(1024, 1024)));
    add("matmul 32x784 . 784x256", () -> product(Tensor.randn(32, 784), Tensor.randn(784, 256)));
    add("matmul 1024 float64", () -> square(1024, DType.FLOAT64));
    add(
        "bmm 96 x 128x64 . 64x128",
        () -> product(Tensor.randn(96, 128, 64), Tensor.randn(96, 64, 128)));
    add("matmul 256 bfloat16", () -> square(256, DType.BFLOAT16));
  }

  private static Runnable square(int n, DType dtype) {
    return product(Tensor.randn(n, n).to(dtype), Tensor.randn(n, n).to(dtype));
  }

  private static Runnable product(Tensor a, Tensor b) {
    return () -> a.matmul(b);
  }

  private void pointwise() {
    add("add 16M", () -> sum(Tensor.randn(1 << 24), Tensor.randn(1 << 24)));
    add("add 4096x4096 + 4096", () -> sum(Tensor.randn(4096, 4096), Tensor.randn(4096)));
    add("add 256K", () -> sum(Tensor.randn(1 << 18), Tensor.randn(1 << 18)));
    add(
        "exp 4M",
        () -> {
          Tensor x = Tensor.randn(1 << 22);
          return () -> x.exp();
        });
    add(
        "gelu 4M",
        () -> {
          Tensor x = Tensor.randn(1 << 22);
          return () -> x.geluTanh();
        });
    add(
        "gelu chain 4M",
        () -> {
          Tensor x = Tensor.randn(1 << 22);
          return () -> {
            Tensor cubic = x.mul(x).mul(x).mul(0.044715).add(x).mul(0.7978845608);
            cubic.tanh().add(1.0).mul(x).mul(0.5);
          };
        });
    add(
        "contiguous of transpose 4096x4096",
        () -> {
          Tensor x = Tensor.randn(4096, 4096).t();
          return () -> x.contiguous();
        });
  }

  private static Runnable sum(Tensor a, Tensor b) {
    return () -> a.add(b);
  }

  private void folds() {
    add(
        "sum all 16M",
        () -> {
          Tensor x = Tensor.randn(1 << 24);
          return () -> x.sum();
        });
    for (int axis : new int[] {0, 1}) {
      add(
          "sum axis " + axis + " 4096x4096",
          () -> {
            Tensor x = Tensor.randn(4096, 4096);
            return () -> x.sum(axis);
          });
    }
    add(
        "softmax 4096x1024",
        () -> {
          Tensor x = Tensor.randn(4096, 1024);
          return () -> x.softmax(1);
        });
    add(
        "layerNorm 4096x768",
        () -> {
          Tensor x = Tensor.randn(4096, 768);
          var norm = new dev.proteus.nn.LayerNorm(768);
          return () -> norm.forward(x);
        });
    add(
        "argmax axis 1 4096x4096",
        () -> {
          Tensor x = Tensor.randn(4096, 4096);
          return () -> x.argmax(1);
        });
  }

  private void networks() {
    add("conv2d forward", () -> forward(Networks.convolution(), Tensor.randn(8, 64, 56, 56)));
    addWithGrad(
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
    add("encoder block 8x128x384", () -> forward(Networks.encoder(), Tensor.randn(8, 128, 384)));
    add("MLP forward", () -> forward(Networks.mlp(), digits()));
    addWithGrad("MLP SGD", () -> training(Networks.mlp(), digits(), Rule.SGD));
    addWithGrad("MLP Adam", () -> training(Networks.mlp(), digits(), Rule.ADAM));
    add("LeNet forward", () -> forward(Networks.leNet(), images()));
    addWithGrad("LeNet SGD", () -> training(Networks.leNet(), images(), Rule.SGD));
    addWithGrad("LeNet Adam", () -> training(Networks.leNet(), images(), Rule.ADAM));
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
