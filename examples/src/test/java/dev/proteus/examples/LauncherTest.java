package dev.proteus.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The launcher `./proteus`, in a tree of its own: its JDKs say how they were called, its Maven
/// notes that it was. The copy of the script looks for JDKs in this tree instead of `/`.
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a POSIX shell script")
class LauncherTest {
  private static final List<String> TOOLS =
      List.of(
          "cat",
          "dirname",
          "find",
          "grep",
          "head",
          "mkdir",
          "mv",
          "readlink",
          "rm",
          "sed",
          "touch");

  @TempDir Path world;

  private final Map<String, String> environment = new TreeMap<>();
  private Path home;
  private Path script;

  /// How a run of the launcher ended.
  private record Run(int code, List<String> out, List<String> err) {}

  @BeforeEach
  void build() throws IOException {
    home = Files.createDirectories(world.resolve("a path with blanks"));
    for (String part : List.of("", "core/", "backend-cpu/", "examples/", "benchmarks/")) {
      Files.createDirectories(home.resolve(part + "src/main"));
      Files.writeString(home.resolve(part + "pom.xml"), "<project/>");
    }
    script = home.resolve("proteus");
    String text = Files.readString(Path.of("..", "proteus"));
    for (String folder : List.of("/usr/", "/opt/", "/Library/Java/")) {
      text = text.replace(" " + folder, " " + world.resolve("root") + folder);
    }
    executable(script, text);
    executable(
        world.resolve("bin/mvn"),
        """
        #!/bin/sh
        echo "JAVA_HOME=$JAVA_HOME $*" >>'%s'
        [ ! -e '%s' ] || { echo '[ERROR] it does not compile'; exit 1; }
        for module in examples benchmarks; do
          mkdir -p '%3$s'/$module/target
          touch '%3$s'/$module/target/proteus-$module-1.jar '%3$s'/library.jar
          echo '%3$s/library.jar' >'%3$s'/$module/target/class-path
        done
        """
            .formatted(world.resolve("mvn.log"), world.resolve("broken"), home));
    environment.put("PATH", world.resolve("bin") + ":" + tools());
    environment.put("HOME", world.resolve("home").toString());
  }

  private static void executable(Path file, String text) throws IOException {
    Files.createDirectories(file.resolveSibling("."));
    Files.writeString(file, text);
    assertTrue(file.toFile().setExecutable(true));
  }

  /// A folder with what the script calls, without the Java and Maven of this machine.
  private Path tools() throws IOException {
    Path tools = world.resolve("tools");
    for (String tool : TOOLS) {
      Path real = Path.of(Files.exists(Path.of("/usr/bin", tool)) ? "/usr/bin" : "/bin", tool);
      executable(tools.resolve(tool), "#!/bin/sh\nexec %s \"$@\"\n".formatted(real));
    }
    return tools;
  }

  /// A JDK that prints its arguments, one a line.
  private Path jdk(String folder, String version) throws IOException {
    Path jdk = world.resolve(folder);
    executable(
        jdk.resolve("bin/java"),
        """
        #!/bin/sh
        for argument; do
          echo "$argument"
        done
        [ "$argument" != minst ] || exit 2
        """);
    executable(jdk.resolve("bin/javac"), "#!/bin/sh\n");
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"%s\"\n".formatted(version));
    return jdk;
  }

  private Run run(String... arguments) throws IOException, InterruptedException {
    return run(script, arguments);
  }

  private Run run(Path command, String... arguments) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("/bin/sh", command.toString()));
    words.addAll(List.of(arguments));
    Path out = world.resolve("out.txt");
    Path err = world.resolve("err.txt");
    ProcessBuilder builder = new ProcessBuilder(words).directory(world.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    return new Run(process.exitValue(), Files.readAllLines(out), Files.readAllLines(err));
  }

  private long builds() throws IOException {
    Path log = world.resolve("mvn.log");
    return Files.exists(log) ? Files.readAllLines(log).size() : 0;
  }

  private static void later(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(10)));
  }

  @Test
  @DisplayName("without a JDK it says in one line what to install")
  void noJdk() throws IOException, InterruptedException {
    Run run = run("mnist");
    assertEquals(2, run.code());
    assertEquals(1, run.err().size(), run.err()::toString);
    assertTrue(run.err().getFirst().startsWith("proteus: no JDK 25 found: install"));
    assertEquals(0, builds());
  }

  @Test
  @DisplayName("without Maven it says in one line what to install")
  void noMaven() throws IOException, InterruptedException {
    environment.put("JAVA_HOME", jdk("jdk", "25.0.1").toString());
    Files.delete(world.resolve("bin/mvn"));
    Run run = run("mnist");
    assertEquals(2, run.code());
    assertEquals(1, run.err().size(), run.err()::toString);
    assertTrue(run.err().getFirst().startsWith("proteus: no Maven found: install"));
  }

  @Test
  @DisplayName("a JAVA_HOME that is too old is passed over")
  void oldJavaHome() throws IOException, InterruptedException {
    environment.put("JAVA_HOME", jdk("old", "17.0.12").toString());
    Path newer = jdk("root/usr/lib/jvm/jdk-25", "25.0.1");
    Run run = run("devices");
    assertEquals(0, run.code(), run.err()::toString);
    assertTrue(
        Files.readString(world.resolve("mvn.log")).startsWith("JAVA_HOME=" + newer + " "),
        "the build gets the JDK that was found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "root/usr/lib/jvm/temurin-25",
        "root/usr/java/jdk-26",
        "root/opt/jdk-25",
        "root/opt/java/25",
        "root/Library/Java/JavaVirtualMachines/temurin-25.jdk/Contents/Home",
        "home/Library/Java/JavaVirtualMachines/temurin-25.jdk/Contents/Home",
        "root/opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home",
        "root/usr/local/opt/openjdk/libexec/openjdk.jdk/Contents/Home",
        "home/.sdkman/candidates/java/25.0.1-tem",
        "home/.jdks/temurin-25"
      })
  @DisplayName("the usual folders of Linux, macOS and SDKMAN are searched")
  void usualFolders(String folder) throws IOException, InterruptedException {
    jdk(folder, folder.contains("26") ? "26" : "25.0.1");
    Run run = run("devices");
    assertEquals(0, run.code(), run.err()::toString);
  }

  @Test
  @DisplayName("the java of PATH is found through its links, and JAVA_HOME goes before it")
  void javaOfPath() throws IOException, InterruptedException {
    Path jdk = jdk("somewhere/jdk-25", "25");
    Files.createSymbolicLink(world.resolve("alternative"), jdk.resolve("bin/java"));
    Files.createSymbolicLink(world.resolve("bin/java"), Path.of("..", "alternative"));
    assertEquals(0, run("devices").code());
    assertTrue(Files.readString(world.resolve("mvn.log")).startsWith("JAVA_HOME=" + jdk + " "));

    Path own = jdk("own", "25.0.2");
    environment.put("JAVA_HOME", own.toString());
    later(home.resolve("pom.xml"));
    assertEquals(0, run("devices").code());
    assertTrue(Files.readAllLines(world.resolve("mvn.log")).getLast().contains(own.toString()));
  }

  @Test
  @DisplayName("arguments and class path arrive whole, though the path has blanks")
  void arguments() throws IOException, InterruptedException {
    environment.put("JAVA_HOME", jdk("a jdk", "25.0.1").toString());
    environment.put("PROTEUS_JAVA_OPTS", "-Xmx1g -Dproteus.threads=1");
    Run run = run("mnist", "--data", "my digits", "");
    assertEquals(0, run.code(), run.err()::toString);
    Path jar = home.resolve("examples/target/proteus-examples-1.jar");
    assertEquals(
        List.of(
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:+UseParallelGC",
            "-Djava.awt.headless=true",
            "-Xmx1g",
            "-Dproteus.threads=1",
            "-cp",
            jar + ":" + home.resolve("library.jar"),
            "dev.proteus.examples.Main",
            "mnist",
            "--data",
            "my digits",
            ""),
        run.out());
  }

  @Test
  @DisplayName("the exit code is that of the command")
  void exitCode() throws IOException, InterruptedException {
    environment.put("JAVA_HOME", jdk("jdk", "25.0.1").toString());
    assertEquals(0, run("devices").code());
    assertEquals(2, run("minst").code());
    assertEquals(2, run("bench", "minst").code());
  }

  @Test
  @DisplayName("it may be called by a link from elsewhere")
  void link() throws IOException, InterruptedException {
    environment.put("JAVA_HOME", jdk("jdk", "25.0.1").toString());
    Files.createSymbolicLink(world.resolve("first"), Path.of("a path with blanks", "proteus"));
    Path second = Files.createDirectories(world.resolve("links")).resolve("second");
    Files.createSymbolicLink(second, Path.of("..", "first"));
    Run run = run(second, "devices");
    assertEquals(0, run.code(), run.err()::toString);
    assertTrue(run.out().contains("devices"));
  }

  @Test
  @DisplayName("it builds at first, and again when a source is newer or a jar is gone")
  void rebuilds() throws IOException, InterruptedException {
    environment.put("JAVA_HOME", jdk("jdk", "25.0.1").toString());
    assertEquals(List.of("building Proteus (once)…"), run("devices").err());
    assertEquals(List.of(), run("devices").err());
    assertEquals(1, builds());

    Path source = Files.writeString(home.resolve("core/src/main/Tensor.java"), "class Tensor {}");
    later(source);
    assertEquals(List.of("building what has changed…"), run("devices").err());
    Files.setLastModifiedTime(source, FileTime.from(Instant.EPOCH));
    assertEquals(List.of(), run("devices").err());
    assertEquals(2, builds());

    Files.delete(home.resolve("library.jar"));
    assertEquals(List.of("building what has changed…"), run("devices").err());
    assertEquals(3, builds());
  }

  @Test
  @DisplayName("a build that fails is exit code 1, its errors are shown, and the next run builds")
  void brokenBuild() throws IOException, InterruptedException {
    environment.put("JAVA_HOME", jdk("jdk", "25.0.1").toString());
    Path broken = Files.createFile(world.resolve("broken"));
    Run run = run("devices");
    assertEquals(1, run.code());
    assertTrue(run.err().contains("[ERROR] it does not compile"), run.err()::toString);
    Files.delete(broken);
    assertEquals(0, run("devices").code());
    assertEquals(2, builds());
  }

  @Test
  @DisplayName("bench runs the benchmarks, with their tests' classes built")
  void bench() throws IOException, InterruptedException {
    environment.put("JAVA_HOME", jdk("jdk", "25.0.1").toString());
    Run run = run("bench", "gemm");
    assertEquals(0, run.code(), run.err()::toString);
    assertEquals(
        List.of("dev.proteus.bench.Main", "gemm"),
        run.out().subList(run.out().size() - 2, run.out().size()));
    assertFalse(Files.exists(home.resolve("target/launcher/examples.built")));
  }
}
