package dev.proteus.examples;

import dev.proteus.nn.Sequential;
import dev.proteus.optim.Adam;
import dev.proteus.state.StateDict;
import dev.proteus.tensor.Generator;
import dev.proteus.tensor.Scope;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `proteus mnist`: trains a small convolutional network on handwritten digits, then moves it
/// around and shows that everyone who held its parameters still does.
@Command(
    name = "mnist",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Train a LeNet on MNIST, then move, convert and reload it.")
final class MnistCommand implements Callable<Integer> {
  private static final Path OUT = Path.of("out");

  @Spec private CommandSpec spec;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "5",
      description = "Passes over the training images (default: ${DEFAULT-VALUE}).")
  private int epochs;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "64",
      description = "Images in a step (default: ${DEFAULT-VALUE}).")
  private int batch;

  @Option(
      names = "--lr",
      paramLabel = "X",
      defaultValue = "2e-3",
      description = "Learning rate of Adam (default: ${DEFAULT-VALUE}).")
  private double learningRate;

  @Option(
      names = "--device",
      paramLabel = "D",
      description = "Where to compute, such as cpu or cuda:0 (default: the preferred backend).")
  private @Nullable String device;

  @Option(
      names = "--dtype",
      paramLabel = "T",
      defaultValue = "float32",
      description = "Type of the parameters: float32, float64, bfloat16, float16.")
  private String dtype;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of weights and order; the same seed gives the same losses.")
  private long seed;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder with the four files of the full MNIST (default: the 10,000 bundled).")
  private @Nullable Path data;

  @Option(
      names = "--resume",
      paramLabel = "FILE",
      description = "Start from the weights of a safetensors file.")
  private @Nullable Path resume;

  @Override
  public Integer call() throws IOException {
    check(epochs >= 0, "--epochs", epochs, "0 or more");
    check(batch >= 1, "--batch", batch, "1 or more");
    check(learningRate > 0, "--lr", learningRate, "more than 0");
    if (resume != null && !Files.isReadable(resume)) {
      throw new IOException(resume + ": no such file");
    }
    Device where = device == null ? Scope.device() : Device.parse(device);
    DType type = DType.parse(dtype);
    check(type.isFloating(), "--dtype", dtype, "a floating type");
    Files.createDirectories(OUT);
    Generator generator = new Generator(seed);
    return Scope.on(where, () -> Scope.withGenerator(generator, () -> run(type)));
  }

  private void check(boolean holds, String option, Object value, String right) {
    if (!holds) {
      throw new ParameterException(
          spec.commandLine(), "%s is %s; it must be %s".formatted(option, value, right));
    }
  }

  private int run(DType type) {
    PrintWriter out = spec.commandLine().getOut();
    Digits.Split digits = Digits.load(Optional.ofNullable(data)).to(type);
    Sequential model = LeNet.create();
    model.to(type);
    if (resume != null) {
      out.println("resumed from " + resume + ": " + model.load(StateDict.load(resume)));
    }
    Adam optimizer = new Adam(model.parameters(), learningRate);
    Training training = new Training(model, optimizer, digits, batch, out);
    training.run(epochs, seed);
    training.save(OUT);
    new Metamorphosis(model, optimizer, digits, out).show();
    double accuracy = training.accuracy();
    out.println(String.format(Locale.ROOT, "test accuracy %.4f", accuracy));
    return 0;
  }
}
