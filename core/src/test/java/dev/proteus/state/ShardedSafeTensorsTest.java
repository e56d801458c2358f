package dev.proteus.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.proteus.error.NoDataException;
import dev.proteus.error.StateDictException;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import dev.proteus.type.Device;
import dev.proteus.type.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardedSafeTensorsTest {
  @TempDir Path folder;
  private Path index = Path.of("");

  @BeforeEach
  void place() {
    index = folder.resolve("model.safetensors.index.json");
  }

  /// Five tensors of 40, 400, 40, 0 and 40 bytes.
  private static StateDict state() {
    return StateDict.builder()
        .put("z", Tensor.arange(0.0, 10, 1))
        .put("large", Tensor.arange(0.0, 100, 1))
        .put("größe \"quoted\"", Tensor.arange(10.0, 20, 1))
        .put("empty", Tensor.zeros(0, 3))
        .put("a", Tensor.arange(5))
        .metadata("format", "pt")
        .version("norm", 2)
        .build();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static void assertSame(StateDict expected, StateDict read) {
    assertEquals(List.copyOf(expected.tensors().keySet()), List.copyOf(read.tensors().keySet()));
    assertEquals(expected.metadata(), read.metadata());
    expected
        .tensors()
        .forEach((name, tensor) -> {
          assertEquals(tensor.spec(), read.get(name).spec());
          assertArrayEquals(tensor.toDoubleArray(), read.get(name).toDoubleArray(), name);
        });
  }

  private String refusal() {
    return String.valueOf(
        assertThrows(StateDictException.class, () -> StateDict.load(index)).getMessage());
  }

  @Test
  void whatIsWrittenIsReadInOrder() throws IOException {
    state().save(index, 100);
    assertEquals(
        List.of(
            "model-00001-of-00003.safetensors",
            "model-00002-of-00003.safetensors",
            "model-00003-of-00003.safetensors",
            "model.safetensors.index.json"),
        files());
    assertSame(state(), StateDict.load(index));
    assertSame(state(), StateDict.map(index));
    assertEquals(OptionalInt.of(2), StateDict.load(index).version("norm"));
    StateDict second = StateDict.load(folder.resolve("model-00002-of-00003.safetensors"));
    assertEquals(List.of("large"), List.copyOf(second.tensors().keySet()));
    assertEquals("pt", second.metadata().get("format"), "a shard is a file of its own");
  }

  @Test
  void indexesHaveTheFormOfOthers() throws IOException {
    StateDict.builder()
        .put("b", Tensor.arange(3))
        .put("a", Tensor.arange(3))
        .build()
        .save(index, 24);
    assertEquals(
        """
        {
          "metadata": {
            "total_size": 48
          },
          "weight_map": {
            "b": "model-00001-of-00002.safetensors",
            "a": "model-00002-of-00002.safetensors"
          }
        }
        """,
        Files.readString(index));
  }

  @Test
  void indexesOfOthersAreRead() throws IOException {
    StateDict.builder().put("x", Tensor.arange(3)).build().save(folder.resolve("one.safetensors"));
    Files.writeString(
        index,
        " {\"weight_map\" : {\"x\": \"one.safetensors\"}, \"metadata\": {\"total_size\": 2.4e1,"
            + " \"more\": [1, {\"a\": null, \"b\": true}, \"text\", [], {}]}}\n");
    assertArrayEquals(new long[] {0, 1, 2}, StateDict.load(index).get("x").toLongArray());
  }

  @Test
  void anEmptyStateIsOneShard() throws IOException {
    StateDict.builder().build().save(index, 1);
    assertEquals(
        List.of("model-00001-of-00001.safetensors", "model.safetensors.index.json"), files());
    assertEquals(0, StateDict.load(index).size());
  }

  @Test
  void aMissingShardIsNamed() throws IOException {
    state().save(index, 100);
    Files.delete(folder.resolve("model-00002-of-00003.safetensors"));
    String message = refusal();
    assertTrue(message.startsWith(index.toString()), message);
    assertTrue(message.contains("model-00002-of-00003.safetensors"), message);
  }

  @Test
  void aShardWhoseVersionIsNoNumberIsNamed() throws IOException {
    state().save(index, 100);
    Path shard = folder.resolve("model-00002-of-00003.safetensors");
    StateDict good = StateDict.load(shard);
    SafeTensors.write(shard, good.toBuilder().metadata("proteus.version.fc", "two").build());
    String message = refusal();
    assertTrue(message.startsWith(shard + ": "), message);
  }

  @Test
  void shardsHaveWhatTheIndexSays() throws IOException {
    state().save(index, 100);
    Path shard = folder.resolve("model-00002-of-00003.safetensors");
    StateDict large = StateDict.load(shard);
    large.renamed(_ -> "small").save(shard);
    assertTrue(refusal().contains(shard + ": it has the tensor 'small'"), refusal());
    large.without("large").save(shard);
    assertTrue(refusal().contains(shard + ": the index looks for the tensor 'large'"), refusal());
    Files.write(shard, new byte[3]);
    assertTrue(refusal().contains(shard + ": safetensors: the file has 3 bytes"), refusal());
  }

  @Test
  void pathsThatLeaveTheFolderAreRefused() throws IOException {
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    index = elsewhere.resolve("model.safetensors.index.json");
    StateDict.builder().put("x", Tensor.arange(3)).build().save(folder.resolve("x.safetensors"));
    for (String path : List.of("../x.safetensors", folder.resolve("x.safetensors").toString())) {
      Files.writeString(index, "{\"weight_map\": {\"x\": \"" + path + "\"}}");
      assertTrue(refusal().contains("not a plain name beside the index"), refusal());
    }
  }

  @Test
  void aFailedSaveLeavesTheOldFiles() throws IOException {
    state().save(index, 100);
    List<String> before = files();
    Tensor meta = Scope.on(Device.META, () -> Tensor.zeros(2));
    StateDict bad = state().with("m", meta);
    assertThrows(NoDataException.class, () -> bad.save(index, 100));
    StateDict reserved = state().with("__metadata__", Tensor.scalar(2));
    assertThrows(IllegalArgumentException.class, () -> reserved.save(index, 100));
    assertEquals(before, files());
    assertSame(state(), StateDict.load(index));
  }

  @Test
  void argumentsAreChecked() {
    Path wrong = folder.resolve("model.json");
    assertThrows(IllegalArgumentException.class, () -> state().save(wrong, 100));
    assertThrows(IllegalArgumentException.class, () -> state().save(index, 0));
    assertThrows(UncheckedIOException.class, () -> StateDict.load(index));
  }

  @Test
  void onMetaShardsAreReadWithoutTheirData() {
    state().save(index, 100);
    StateDict read = Scope.on(Device.META, () -> StateDict.load(index));
    assertEquals(Shape.of(100), read.get("large").shape());
    assertTrue(read.get("large").device().isMeta());
  }
}
