package dev.proteus.examples;

import dev.proteus.nn.Sequential;
import dev.proteus.optim.Adam;
import dev.proteus.optim.AdamOptions;
import dev.proteus.optim.ParamGroup;
import dev.proteus.optim.StateType;
import dev.proteus.tensor.Generator;
import dev.proteus.tensor.Scope;
import dev.proteus.type.DType;
import dev.proteus.type.Device;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
  private static final double LEARNING_RATE = 1e-3;

  @Spec private CommandSpec spec;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "8",
      description =
          "Passes over the training images; with --resume, further ones (default:"
              + " ${DEFAULT-VALUE}).")
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
      description = "Learning rate of Adam (default: 0.001; with --resume, as it was).")
  private @Nullable Double learningRate;

  @Option(
      names = "--device",
      paramLabel = "D",
      description = "Where to compute, such as cpu or cuda:0 (default: the preferred backend).")
  private @Nullable String device;

  @Option(
      names = "--dtype",
      paramLabel = "T",
      defaultValue = "float32",
      description =
          "Type of the parameters: float64, float32, bfloat16, float16 (default:"
              + " ${DEFAULT-VALUE}).")
  private String dtype;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Decides weights and order; equal seeds give equal losses (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder with the four files of the full MNIST (default: the 10,000 bundled).")
  private @Nullable Path data;

  @Option(
      names = "--resume",
      paramLabel = "FILE",
      description = "Go on where a training stood when it wrote this checkpoint.")
  private @Nullable Path resume;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "out",
      description = "Folder for the checkpoint and the loss curve (default: ${DEFAULT-VALUE}).")
  private Path folder;

  @Override
  public Integer call() throws IOException {
    check(epochs >= 0, "--epochs", epochs, "0 or more");
    check(batch >= 1, "--batch", batch, "1 or more");
    check(learningRate == null || learningRate > 0, "--lr", learningRate, "more than 0");
    DType type = DType.parse(dtype);
    check(type.isFloating(), "--dtype", dtype, "a floating type");
    if (resume != null && !Files.isRegularFile(resume)) {
      throw new IOException(resume + ": no such file");
    }
    Files.createDirectories(folder);
    Device where = device == null ? Scope.device() : Device.parse(device);
    Generator generator = new Generator(seed);
    return Scope.on(where, () -> Scope.withGenerator(generator, () -> run(type)));
  }

  private void check(boolean holds, String option, @Nullable Object value, String right) {
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
    Adam optimizer = optimizer(model);
    int done = resume(model, optimizer, out);
    Path checkpoint = folder.resolve("mnist.safetensors");
    Training training = new Training(model, optimizer, digits, batch, out);
    for (int epoch = done + 1; epoch <= done + epochs; epoch++) {
      training.epoch(epoch, done + epochs, seed);
      Checkpoint.save(checkpoint, model, optimizer, epoch);
    }
    if (epochs > 0) {
      out.println("wrote " + checkpoint);
      draw(training.curve(), folder.resolve("mnist-loss.png"), out);
    }
    new Metamorphosis(model, optimizer, digits, out).show();
    out.println(String.format(Locale.ROOT, "test accuracy %.4f", training.accuracy()));
    return 0;
  }

  /// What it remembers is float32 also beside halves: squares of small gradients are 0 in float16.
  private static Adam optimizer(Sequential model) {
    AdamOptions options = new AdamOptions(LEARNING_RATE);
    return new Adam(List.of(ParamGroup.named(model.namedParameters(), options)), StateType.KEEP);
  }

  /// Takes over what `--resume` and `--lr` say; how many epochs were done before.
  private int resume(Sequential model, Adam optimizer, PrintWriter out) {
    int done = resume == null ? 0 : Checkpoint.load(resume, model, optimizer);
    if (resume != null) {
      out.println("resumed from %s after epoch %d".formatted(resume, done));
    }
    if (learningRate != null) {
      optimizer.groups().getFirst().lr(learningRate);
    }
    return done;
  }

  /// Draws the losses. A machine without fonts cannot, which is no reason to lose a training.
  private static void draw(LossCurve curve, Path picture, PrintWriter out) {
    try {
      curve.save(picture);
      out.println("wrote " + picture);
    } catch (IOException | RuntimeException | LinkageError | InternalError e) {
      out.println("no loss curve: " + e);
    }
  }
}
