package dev.proteus.examples;

import dev.proteus.error.UnsupportedOperatorException;
import dev.proteus.nn.Bias;
import dev.proteus.nn.Layer;
import dev.proteus.nn.Linear;
import dev.proteus.nn.Sequential;
import dev.proteus.nn.quant.Int4Weight;
import dev.proteus.nn.quant.Int8Weight;
import dev.proteus.nn.quant.Quantization;
import dev.proteus.nn.quant.QuantizationReport;
import dev.proteus.optim.Adam;
import dev.proteus.optim.Optimizer;
import dev.proteus.optim.Sgd;
import dev.proteus.spi.Backends;
import dev.proteus.state.LoadOptions;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.Kind;
import dev.proteus.tensor.Parameter;
import dev.proteus.tensor.Parts;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Swap;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// What a tensor's identity is good for, in six steps to be read from top to bottom. A number after
/// a name says which object it is; it never changes, whatever the object holds.
final class Recipe {
  private static final int EPOCHS = 3;

  private final PrintWriter out;
  private final Narration tell;

  Recipe(PrintWriter out) {
    this.out = out;
    this.tell = new Narration(out);
  }

  void run() {
    swapTwoTensors();
    replaceOrSwapAParameter();
    convertAKind();
    fillASkeleton();
    combineKinds();
    quantizeATrainedNetwork();
  }

  // ---- 1

  private void swapTwoTensors() {
    tell.step("1  Two tensors swap what they hold");
    Tensor a = Tensor.arange(2);
    Tensor b = Tensor.arange(3);
    List<Tensor> holder = List.of(a, b);
    tell.show("a", a);
    tell.show("b", b);
    Tensor.swap(a, b);
    tell.show("a", a);
    tell.show("b", b);
    tell.expect(a.numel() == 3 && b.numel() == 2, "each shows the other's content");
    tell.expect(holder.get(0) == a && holder.get(0).numel() == 3, "also in a list made before");
  }

  // ---- 2

  /// A layer that lets its parameter be replaced, as an attribute of a Python object can be.
  private static final class Row extends Layer {
    private Parameter weight = parameter("weight", () -> Tensor.ones(1, 2));

    private void replace(Parameter other) {
      weight = parameter("weight", other);
    }

    @Override
    protected Tensor compute(Tensor input) {
      return input.linear(weight);
    }
  }

  private void replaceOrSwapAParameter() {
    tell.step("2  An optimizer and its parameter part, or stay one");
    Row row = new Row();
    Sgd orphaned = new Sgd(row, 0.1);
    tell.show("weight", row.weight);
    row.replace(Parameter.of(row(5)));
    tell.show("replaced by", row.weight);
    List<String> warnings =
        Overheard.warnings(
            Optimizer.class,
            () -> {
              step(row, orphaned);
              step(row, orphaned);
            });
    tell.show("after two steps", row.weight);
    tell.expect(
        row.weight.detach().equal(row(5)),
        "an optimizer made before steps what it holds, which the layer has no more");
    warnings.forEach(tell::say);
    tell.expect(
        warnings.size() == 1 && warnings.getFirst().contains("weight"),
        "it was made from the layer, so it says so, once, and names the parameter");

    Sgd optimizer = new Sgd(row.parameters(), 0.1);
    Parameter weight = row.weight;
    Tensor.swap(weight, Parameter.of(row(7)));
    tell.show("swapped", row.weight);
    step(row, optimizer);
    tell.show("after a step", row.weight);
    tell.expect(
        row.weight == weight && weight.detach().allclose(row(6.9)),
        "after a swap it steps what the layer has");
  }

  private static Tensor row(double value) {
    return Tensor.of(new double[][] {{value, value}});
  }

  private static void step(Row row, Sgd optimizer) {
    optimizer.zeroGrad();
    row.forward(Tensor.ones(1, 2)).sum().backward();
    optimizer.step();
  }

  // ---- 3

  private void convertAKind() {
    tell.step("3  A kind of one's own, converted");
    Linear layer = new Linear(3, 5);
    Sgd optimizer = new Sgd(layer.parameters(), 0.1);
    List<Parameter> before = layer.parameters();
    Tensor.replace(layer.weight(), quantized(layer.weight()));
    tell.show("weight", layer.weight());
    layer.to(DType.BFLOAT16);
    tell.show("weight", layer.weight());
    tell.show("bias", layer.parameter("bias"));
    QuantizedWeight held = QuantizedWeight.KIND.unwrap(layer.weight()).orElseThrow();
    tell.expect(
        layer.weight().dtype() == DType.BFLOAT16 && held.elem().dtype() == DType.BFLOAT16,
        "what the weight shows is bfloat16, and so is what it holds");
    tell.expect(
        layer.parameter("bias").dtype() == DType.BFLOAT16, "the bias is bfloat16, as any other");
    tell.expect(
        before.equals(layer.parameters())
            && before.equals(optimizer.groups().getFirst().parameters()),
        "layer and optimizer hold the very same parameters");
    tell.expect(
        refusal(layer.weight()).contains("QuantizedWeight"),
        "an operator that it lacks says so: " + refusal(layer.weight()));
  }

  private static Tensor quantized(Tensor weight) {
    return QuantizedWeight.KIND.wrap(QuantizedWeight.of(weight.detach(), 0.01));
  }

  private static String refusal(Tensor tensor) {
    try {
      return "none, " + tensor.add(1);
    } catch (UnsupportedOperatorException e) {
      return String.valueOf(e.getMessage());
    }
  }

  // ---- 4

  private static Sequential network() {
    return new Sequential(new Linear(3, 4), new Linear(4, 2));
  }

  private void fillASkeleton() {
    tell.step("4  A skeleton without memory, filled from a plain state dict");
    long allocated = allocations();
    Sequential skeleton = Scope.on(Device.META, Recipe::network);
    for (String path : List.of("0.weight", "1.weight")) {
      Tensor.replace(skeleton.parameter(path), quantized(skeleton.parameter(path)));
    }
    tell.show("0.weight", skeleton.parameter("0.weight"));
    tell.expect(allocations() == allocated, "made without a single allocation");
    List<Parameter> before = skeleton.parameters();

    StateDict trained = network().stateDict();
    skeleton.load(trained, LoadOptions.DEFAULT.assign());
    tell.show("0.weight", skeleton.parameter("0.weight"));
    tell.show("0.bias", skeleton.parameter("0.bias"));
    tell.expect(
        Kind.of(skeleton.parameter("0.weight")).isPresent(), "the kind has quantized what it got");
    tell.expect(
        skeleton.parameter("0.bias").sharesStorageWith(trained.get("0.bias")),
        "the bias is the one that was given");
    tell.expect(
        skeleton.parameters().stream().noneMatch(p -> p.device().isMeta()),
        "nothing is left on meta");
    tell.expect(before.equals(skeleton.parameters()), "each parameter is the one it was");
  }

  private static long allocations() {
    return Backends.of(Scope.device()).memory().allocations();
  }

  // ---- 5

  /// A second kind, which knows nothing of the first: values with their sign turned.
  private static final Kind<Tensor> NEGATED =
      Kind.<Tensor>named("Negated")
          .showing(Tensor::spec)
          .parts(t -> Parts.of("negative", t), p -> p.tensor("negative"))
          .onModuleLoad((_, source) -> source.neg())
          .onDequantize(Tensor::neg)
          .build();

  private void combineKinds() {
    tell.step("5  Kinds in the module, in the state dict, in both");
    Linear source = new Linear(2, 1, Bias.NONE);
    Tensor values = source.weight().detach().clone();
    Tensor.replace(source.weight(), quantized(source.weight()));

    Linear plain = new Linear(2, 1, Bias.NONE);
    plain.load(source.stateDict());
    tell.show("plain, copied", plain.weight());
    tell.expect(
        Kind.of(plain.weight()).isEmpty() && near(plain.weight(), values),
        "by copy a plain weight stays plain and gets the values");
    plain.load(source.stateDict(), LoadOptions.DEFAULT.assign());
    tell.show("plain, assigned", plain.weight());
    tell.expect(
        Kind.of(plain.weight()).equals(Kind.of(source.weight())), "by assignment it gets the kind");

    Linear same = new Linear(2, 1, Bias.NONE);
    Tensor.replace(same.weight(), quantized(same.weight()));
    same.load(source.stateDict());
    tell.show("same, copied", same.weight());
    tell.expect(near(dequantized(same), values), "one kind on both sides is copied part by part");

    Linear other = new Linear(2, 1, Bias.NONE);
    Tensor.replace(other.weight(), NEGATED.wrap(other.weight().detach().neg()));
    other.load(source.stateDict());
    tell.show("other, copied", other.weight());
    tell.expect(
        NEGATED.unwrap(other.weight()).isPresent() && near(dequantized(other), values),
        "two kinds that know nothing of each other exchange plain values");
  }

  /// The weight's values as a plain tensor.
  private static Tensor dequantized(Linear layer) {
    return Tensor.of(layer.weight().toDoubleArray(), 1, 2);
  }

  /// Equal up to one half of the scale.
  private static boolean near(Tensor a, Tensor b) {
    return a.detach().allclose(b, 0, 0.0051);
  }

  // ---- 6

  private void quantizeATrainedNetwork() {
    tell.step("6  A trained network in 8 and in 4 bits");
    Digits.Split digits = Digits.load(Optional.empty());
    Sequential model = LeNet.create();
    Training training = new Training(model, new Adam(model.parameters(), 1e-3), digits, 64, out);
    for (int epoch = 1; epoch <= EPOCHS; epoch++) {
      training.epoch(epoch, EPOCHS, 1);
    }
    Sequential other = LeNet.create();
    other.load(model.stateDict());
    quantized(model, Quantization.int8(model), training.accuracy(), 0.005, digits);
    quantized(other, Quantization.int4(other), training.accuracy(), 0.015, digits);
  }

  private void quantized(
      Sequential model,
      QuantizationReport report,
      double before,
      double loss,
      Digits.Split digits) {
    double after = Training.accuracy(model, digits.test());
    Kind<?> kind = Kind.of(model.parameter(report.weights().getFirst())).orElseThrow();
    tell.say("%s: %s".formatted(kind.name(), report));
    tell.expect(
        before - after <= loss,
        "%s: accuracy %.4f, %.4f before".formatted(kind.name(), after, before));

    Sequential twin = Scope.on(Device.META, LeNet::create);
    twin.load(throughAFile(model.stateDict()), LoadOptions.DEFAULT.assign());
    tell.expect(
        Training.accuracy(twin, digits.test()) == after,
        "saved, and loaded into a skeleton: the same answers");
    model.to(DType.BFLOAT16).to(Device.META);
    tell.expect(
        model.parameters().stream().allMatch(p -> p.device().isMeta()),
        "converted to bfloat16 and moved to meta like any other");
    Tensor.swapAll(swaps(model, twin));
    model.to(DType.FLOAT32);
    tell.expect(
        Training.accuracy(model, digits.test()) == after, "swapped back to life by its twin");
  }

  private static StateDict throughAFile(StateDict state) {
    try {
      Path file = Files.createTempFile("recipe", ".safetensors");
      try {
        state.save(file);
        return StateDict.load(file, Int8Weight.KIND, Int4Weight.KIND);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Swap> swaps(Sequential a, Sequential b) {
    return IntStream.range(0, a.parameters().size())
        .mapToObj(i -> new Swap(a.parameters().get(i), b.parameters().get(i)))
        .toList();
  }
}
