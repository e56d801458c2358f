package dev.proteus.bench;

import static org.bytedeco.pytorch.global.torch.add;
import static org.bytedeco.pytorch.global.torch.argmax;
import static org.bytedeco.pytorch.global.torch.conv2d;
import static org.bytedeco.pytorch.global.torch.cross_entropy_loss;
import static org.bytedeco.pytorch.global.torch.exp;
import static org.bytedeco.pytorch.global.torch.gelu;
import static org.bytedeco.pytorch.global.torch.layer_norm;
import static org.bytedeco.pytorch.global.torch.linear;
import static org.bytedeco.pytorch.global.torch.matmul;
import static org.bytedeco.pytorch.global.torch.max_pool2d;
import static org.bytedeco.pytorch.global.torch.mul;
import static org.bytedeco.pytorch.global.torch.randn;
import static org.bytedeco.pytorch.global.torch.relu;
import static org.bytedeco.pytorch.global.torch.scaled_dot_product_attention;
import static org.bytedeco.pytorch.global.torch.softmax;
import static org.bytedeco.pytorch.global.torch.tanh;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Adam;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Optimizer;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.SequentialImpl;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// PyTorch's C++ library through JavaCPP, as its users call it: a pointer scope per invocation,
/// inference mode without gradients.
final class LibtorchEngine implements Engine {
  private static final long[] ONE = {1, 1};
  private static final long[] ZERO = {0, 0};

  private final Map<String, Supplier<Runnable>> works = new LinkedHashMap<>();

  LibtorchEngine() {
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

  @Override
  public int warmup() {
    return 3;
  }

  @Override
  public boolean isAvailable() {
    return Engine.hasPeers();
  }

  /// A work in inference mode.
  private void withoutGrad(String name, Supplier<Runnable> prepared) {
    works.put(
        name,
        () -> {
          torch.set_num_threads(2);
          Runnable run = prepared.get();
          return () -> {
            try (PointerScope _ = new PointerScope();
                InferenceMode _ = new InferenceMode(true)) {
              run.run();
            }
          };
        });
  }

  /// A work that records and walks a graph.
  private void withGrad(String name, Supplier<Runnable> prepared) {
    works.put(
        name,
        () -> {
          torch.set_num_threads(2);
          Runnable run = prepared.get();
          return () -> {
            try (PointerScope _ = new PointerScope()) {
              run.run();
            }
          };
        });
  }

  private void products() {
    for (long n : new long[] {128, 512, 1024, 2048}) {
      withoutGrad("matmul " + n, () -> product(randn(n, n), randn(n, n)));
    }
    withoutGrad("matmul 1x1024 . 1024x1024", () -> product(randn(1, 1024), randn(1024, 1024)));
    withoutGrad("matmul 32x784 . 784x256", () -> product(randn(32, 784), randn(784, 256)));
    withoutGrad("matmul 1024 float64", () -> square(1024, ScalarType.Double));
    withoutGrad("bmm 96 x 128x64 . 64x128", () -> product(randn(96, 128, 64), randn(96, 64, 128)));
    withoutGrad("matmul 256 bfloat16", () -> square(256, ScalarType.BFloat16));
  }

  private static Runnable square(long n, ScalarType type) {
    return product(randn(n, n).to(type), randn(n, n).to(type));
  }

  private static Runnable product(Tensor a, Tensor b) {
    return () -> matmul(a, b);
  }

  private void pointwise() {
    withoutGrad("add 16M", () -> sum(randn(1L << 24), randn(1L << 24)));
    withoutGrad("add 4096x4096 + 4096", () -> sum(randn(4096, 4096), randn(4096)));
    withoutGrad("add 256K", () -> sum(randn(1L << 18), randn(1L << 18)));
    withoutGrad("exp 4M", () -> on(randn(1L << 22), x -> exp(x)));
    withoutGrad("gelu 4M", () -> on(randn(1L << 22), x -> gelu(x, "tanh")));
    withoutGrad("gelu chain 4M", () -> on(randn(1L << 22), LibtorchEngine::chain));
    withoutGrad(
        "contiguous of transpose 4096x4096", () -> on(randn(4096, 4096).t(), x -> x.contiguous()));
  }

  private static Runnable sum(Tensor a, Tensor b) {
    return () -> add(a, b);
  }

  private static Runnable on(Tensor x, Function<Tensor, Tensor> function) {
    return () -> {
      Tensor _ = function.apply(x);
    };
  }

  private static Tensor chain(Tensor x) {
    Tensor cubic = mul(mul(x, x), x);
    Tensor inner = mul(add(mul(cubic, new Scalar(0.044715)), x), new Scalar(0.7978845608));
    return mul(mul(add(tanh(inner), new Scalar(1.0)), x), new Scalar(0.5));
  }

  private void folds() {
    withoutGrad("sum all 16M", () -> on(randn(1L << 24), x -> x.sum()));
    for (long axis : new long[] {0, 1}) {
      withoutGrad(
          "sum axis " + axis + " 4096x4096",
          () -> on(randn(4096, 4096), x -> x.sum(new long[] {axis})));
    }
    withoutGrad("softmax 4096x1024", () -> on(randn(4096, 1024), x -> softmax(x, 1)));
    withoutGrad(
        "layerNorm 4096x768",
        () -> {
          TensorOptional scale = new TensorOptional(torch.ones(768));
          TensorOptional shift = new TensorOptional(torch.zeros(768));
          return on(
              randn(4096, 768), x -> layer_norm(x, new long[] {768}, scale, shift, 1e-5, true));
        });
    withoutGrad(
        "argmax axis 1 4096x4096",
        () -> on(randn(4096, 4096), x -> argmax(x, new LongOptional(1), false)));
  }

  private void networks() {
    withoutGrad(
        "conv2d forward",
        () -> {
          Tensor weight = randn(64, 64, 3, 3);
          Tensor bias = randn(64);
          return on(randn(8, 64, 56, 56), x -> convolved(x, weight, bias, 1));
        });
    withGrad(
        "conv2d forward + backward",
        () -> {
          Tensor weight = randn(64, 64, 3, 3).requires_grad_(true);
          Tensor bias = randn(64).requires_grad_(true);
          Tensor x = randn(8, 64, 56, 56).requires_grad_(true);
          TensorVector all = new TensorVector(weight, bias, x);
          SGD optimizer = new SGD(all, new SGDOptions(0.0));
          return () -> {
            optimizer.zero_grad();
            convolved(x, weight, bias, 1).sum().backward();
          };
        });
    withoutGrad("encoder block 8x128x384", () -> on(randn(8, 128, 384), new EncoderBlock()));
    withoutGrad("MLP forward", () -> on(digits(), new Mlp()));
    withoutGrad("LeNet forward", () -> on(images(), new LeNet()));
    withGrad("MLP SGD", () -> training(new Mlp(), digits(), LibtorchEngine::sgd));
    withGrad("MLP Adam", () -> training(new Mlp(), digits(), LibtorchEngine::adam));
    withGrad("LeNet SGD", () -> training(new LeNet(), images(), LibtorchEngine::sgd));
    withGrad("LeNet Adam", () -> training(new LeNet(), images(), LibtorchEngine::adam));
  }

  private static Tensor digits() {
    return randn(128, 784);
  }

  private static Tensor images() {
    return randn(64, 1, 28, 28);
  }

  private static Tensor convolved(Tensor x, Tensor weight, Tensor bias, long padding) {
    return conv2d(x, weight, new TensorOptional(bias), ONE, new long[] {padding, padding}, ONE, 1);
  }

  /// A model: its parameters, and what it does.
  private interface Model extends Function<Tensor, Tensor> {
    List<Tensor> parameters();
  }

  private static Optimizer sgd(TensorVector parameters) {
    SGDOptions options = new SGDOptions(0.01);
    options.momentum().put(0.9);
    return new SGD(parameters, options);
  }

  private static Optimizer adam(TensorVector parameters) {
    return new Adam(parameters, new AdamOptions(1e-3));
  }

  private static Runnable training(
      Model model, Tensor input, Function<TensorVector, Optimizer> rule) {
    Tensor labels = torch.randint(10, new long[] {input.size(0)}).to(ScalarType.Long);
    model.parameters().forEach(p -> p.requires_grad_(true));
    Optimizer optimizer = rule.apply(new TensorVector(model.parameters().toArray(new Tensor[0])));
    return () -> {
      optimizer.zero_grad();
      cross_entropy_loss(model.apply(input), labels).backward();
      optimizer.step();
    };
  }

  /// Linear layers with ReLU between them.
  private static final class Mlp implements Model {
    private final List<Tensor> parameters = new ArrayList<>();

    Mlp() {
      this(784, 512, 256, 10);
    }

    Mlp(long... sizes) {
      for (int i = 0; i + 1 < sizes.length; i++) {
        parameters.add(small(sizes[i + 1], sizes[i]));
        parameters.add(small(sizes[i + 1]));
      }
    }

    static Tensor small(long... sizes) {
      return mul(randn(sizes), new Scalar(0.05));
    }

    @Override
    public List<Tensor> parameters() {
      return parameters;
    }

    @Override
    public Tensor apply(Tensor input) {
      Tensor x = input;
      for (int i = 0; i < parameters.size(); i += 2) {
        x = linear(x, parameters.get(i), new TensorOptional(parameters.get(i + 1)));
        x = i + 2 < parameters.size() ? relu(x) : x;
      }
      return x;
    }
  }

  private static final class LeNet implements Model {
    private final Tensor weight1 = Mlp.small(6, 1, 5, 5);
    private final Tensor bias1 = Mlp.small(6);
    private final Tensor weight2 = Mlp.small(16, 6, 5, 5);
    private final Tensor bias2 = Mlp.small(16);
    private final Mlp head = new Mlp(400, 120, 84, 10);

    @Override
    public List<Tensor> parameters() {
      List<Tensor> all = new ArrayList<>(List.of(weight1, bias1, weight2, bias2));
      all.addAll(head.parameters());
      return all;
    }

    @Override
    public Tensor apply(Tensor images) {
      Tensor x = pooled(relu(convolved(images, weight1, bias1, 2)));
      x = pooled(relu(convolved(x, weight2, bias2, 0)));
      return head.apply(x.reshape(-1, 400));
    }

    private static Tensor pooled(Tensor x) {
      return max_pool2d(x, new long[] {2, 2}, new long[] {2, 2}, ZERO, ONE, false);
    }
  }

  /// Post-norm: attention by one joint product for queries, keys and values, then two linear
  /// layers.
  private static final class EncoderBlock implements Function<Tensor, Tensor> {
    private final Mlp joint = new Mlp(384, 3 * 384);
    private final Mlp out = new Mlp(384, 384);
    private final Mlp up = new Mlp(384, 1536);
    private final Mlp down = new Mlp(1536, 384);
    private final Tensor ones = torch.ones(384);
    private final Tensor zeros = torch.zeros(384);

    @Override
    public Tensor apply(Tensor x) {
      Tensor heads = joint.apply(x).view(8, 128, 3, 12, 32).permute(2, 0, 3, 1, 4);
      Tensor attended =
          scaled_dot_product_attention(heads.select(0, 0), heads.select(0, 1), heads.select(0, 2));
      Tensor mixed = out.apply(attended.permute(0, 2, 1, 3).reshape(8, 128, 384));
      Tensor middle = normed(add(x, mixed));
      return normed(add(middle, down.apply(gelu(up.apply(middle)))));
    }

    private Tensor normed(Tensor x) {
      return layer_norm(
          x, new long[] {384}, new TensorOptional(ones), new TensorOptional(zeros), 1e-5, true);
    }
  }

  private void calls() {
    withoutGrad("add 8", () -> sum(torch.ones(8), torch.ones(8)));
    withGrad("add 8, with grad", () -> sum(leaf(), torch.ones(8)));
    withGrad(
        "backward on 8",
        () -> {
          Tensor leaf = leaf();
          Tensor factor = torch.ones(8);
          return () -> mul(leaf, factor).sum().backward();
        });
  }

  private static Tensor leaf() {
    return torch.ones(8).requires_grad_(true);
  }

  private void casts() {
    cast("20 x Linear 1024 to float64 and back", ScalarType.Double);
    cast("20 x Linear 1024 to bfloat16 and back", ScalarType.BFloat16);
  }

  private void cast(String name, ScalarType type) {
    withGrad(
        name,
        () -> {
          SequentialImpl model = new SequentialImpl();
          for (int i = 0; i < 20; i++) {
            model.push_back(new LinearImpl(1024, 1024));
          }
          return () -> {
            model.to(type, false);
            model.to(ScalarType.Float, false);
          };
        });
  }
}
