package dev.proteus.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.state.StateDict;
import dev.proteus.type.DType;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `proteus mnist` on a few images.
class MnistTest {
  @TempDir Path folder;

  @BeforeEach
  void writeDigits() throws IOException {
    SmallDigits.write(folder);
  }

  private String[] arguments(String out, String... further) {
    List<String> all = new ArrayList<>(List.of("mnist", "--data", folder.toString()));
    all.addAll(List.of("--out", folder.resolve(out).toString()));
    all.addAll(List.of(further));
    return all.toArray(String[]::new);
  }

  private CommandRun train(String out, String... further) {
    CommandRun run = CommandRun.of(arguments(out, further));
    assertEquals(0, run.code(), run::toString);
    assertTrue(run.err().isEmpty(), run::toString);
    return run;
  }

  private Path checkpoint(String out) {
    return folder.resolve(out).resolve("mnist.safetensors");
  }

  private byte[] written(String out) throws IOException {
    return Files.readAllBytes(checkpoint(out));
  }

  @Test
  @DisplayName("it trains, draws, saves, changes its form, and tells its accuracy last")
  void wholeRun() throws IOException {
    CommandRun run = train("out", "--epochs", "2");
    List<String> lines = run.out();
    assertTrue(lines.get(0).startsWith("epoch 1/2  loss "), run::toString);
    assertTrue(
        lines.get(1).matches("epoch 2/2  loss [0-9.]{6}  accuracy 0\\.[0-9]{4}  [0-9]+ images/s"),
        run::toString);
    assertEquals(5, lines.stream().filter(line -> line.startsWith("ok  ")).count());
    assertTrue(lines.getLast().matches("test accuracy 0\\.[0-9]{4}"), run::toString);

    BufferedImage picture = ImageIO.read(folder.resolve("out/mnist-loss.png").toFile());
    assertEquals(900, picture.getWidth());
    StateDict state = StateDict.load(checkpoint("out"));
    assertEquals("2", state.metadata().get("epochs"));
    assertEquals(10, state.under("model.").size());
    assertEquals(DType.FLOAT32, state.get("model.0.weight").dtype());
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  @DisplayName("with the bundled digits and without flags, 97 of 100 are recognised at least")
  void defaults() {
    CommandRun run = CommandRun.of("mnist", "--out", folder.resolve("out").toString());
    String last = run.out().getLast();
    assertTrue(last.startsWith("test accuracy 0.9"), run::toString);
    assertTrue(Double.parseDouble(last.substring("test accuracy ".length())) >= 0.97, last);
  }

  @ParameterizedTest
  @ValueSource(strings = {"float64", "bfloat16", "float16"})
  @DisplayName("it trains in each floating type")
  void types(String dtype) {
    CommandRun run = train(dtype, "--epochs", "6", "--batch", "16", "--dtype", dtype);
    double first = loss(run.out().getFirst());
    double last = loss(run.out().get(5));
    assertTrue(last < first / 2, run::toString);
    assertEquals(dtype, StateDict.load(checkpoint(dtype)).get("model.0.weight").dtype().toString());
  }

  private static double loss(String line) {
    return Double.parseDouble(line.split(" +", -1)[3]);
  }

  @Test
  @DisplayName("the seed decides the losses and the weights, to the bit, on one thread or two")
  void seeds() throws IOException, InterruptedException {
    List<String> one = fork("one", "-Dproteus.threads=1", "--seed", "5");
    List<String> two = fork("two", "-Dproteus.threads=2", "--seed", "5");
    assertEquals(one, two);
    assertArrayEquals(written("one"), written("two"));
    train("other", "--epochs", "2", "--seed", "6");
    assertFalse(Arrays.equals(written("one"), written("other")));
  }

  /// What two epochs in a JVM of their own print, without times and places.
  private List<String> fork(String out, String property, String... further)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("--epochs", "2"));
    all.addAll(List.of(further));
    String[] arguments = arguments(out, all.toArray(String[]::new));
    CommandRun run = CommandRun.inOwnJvm(folder, List.of(property), arguments);
    assertEquals(0, run.code(), run::toString);
    return run.out().stream()
        .filter(line -> !line.startsWith("wrote"))
        .map(line -> line.replaceFirst("[0-9]+ images/s", ""))
        .toList();
  }

  @Test
  @DisplayName("a training that is resumed ends as one that was not interrupted, to the bit")
  void resumed() throws IOException {
    train("straight", "--epochs", "3", "--lr", "1e-3");
    train("first", "--epochs", "1", "--lr", "1e-3");
    CommandRun rest = train("rest", "--epochs", "2", "--resume", checkpoint("first").toString());
    assertTrue(rest.out().get(0).endsWith("after epoch 1"), rest::toString);
    assertTrue(rest.out().get(1).startsWith("epoch 2/3  loss "), rest::toString);
    assertArrayEquals(written("straight"), written("rest"));
  }

  @Test
  @DisplayName("a learning rate that is given goes before the checkpoint's")
  void resumedAtAnotherRate() {
    train("first", "--epochs", "1");
    String file = checkpoint("first").toString();
    train("second", "--epochs", "1", "--resume", file, "--lr", "1e-4");
    assertEquals("0.001", rate("first"));
    assertEquals("1.0E-4", rate("second"));
  }

  private String rate(String out) {
    return StateDict.load(checkpoint(out)).metadata().getOrDefault("optimizer.group.0.lr", "");
  }

  @Test
  @DisplayName("without epochs it judges a checkpoint, and writes nothing")
  void judges() {
    CommandRun run = train("first", "--epochs", "1");
    String file = checkpoint("first").toString();
    CommandRun judged = train("none", "--epochs", "0", "--resume", file);
    assertEquals(run.out().getLast(), judged.out().getLast());
    assertFalse(Files.exists(checkpoint("none")));
  }
}
