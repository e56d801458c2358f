package dev.proteus.state;

import dev.proteus.error.NoDataException;
import dev.proteus.error.StateDictException;
import dev.proteus.state.SafeTensorsFile.Access;
import dev.proteus.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/// A checkpoint in several safetensors files, with an index that names the file of each tensor:
/// `model.safetensors.index.json` beside `model-00001-of-00003.safetensors` and so on.
///
/// Reading trusts nothing: names that leave the index' folder are refused, and all headers are
/// verified, and held against the index, before any tensor is made. What is wrong is a
/// [StateDictException] that names the file.
public final class ShardedSafeTensors {
  private static final String INDEX_SUFFIX = ".safetensors.index.json";

  private ShardedSafeTensors() {}

  /// Reads all files that an index names; tensors are made on the default device, in the order of
  /// the index.
  ///
  /// @param index the index file
  /// @throws IOException if a file cannot be read
  /// @throws StateDictException if a file is missing or not well-formed, or has other tensors than
  ///   the index says
  public static StateDict read(Path index) throws IOException {
    return read(index, Access.COPIED);
  }

  /// Opens all files that an index names; their tensors stay where they are, as by
  /// [SafeTensors#map(Path)].
  ///
  /// @param index the index file
  /// @throws IOException if a file cannot be read
  /// @throws StateDictException if a file is missing or not well-formed, or has other tensors than
  ///   the index says
  public static StateDict map(Path index) throws IOException {
    return read(index, Access.MAPPED);
  }

  private static StateDict read(Path path, Access access) throws IOException {
    ShardIndex index = index(path);
    List<SafeTensorsFile> shards = new ArrayList<>();
    try {
      for (Map.Entry<String, List<String>> shard : index.byFile().entrySet()) {
        Path file = path.resolveSibling(shard.getKey());
        shards.add(open(path, file, access));
        checkNames(file, shards.getLast().names(), shard.getValue());
      }
      return read(index, shards, access);
    } finally {
      shards.forEach(SafeTensorsFile::close);
    }
  }

  private static ShardIndex index(Path path) throws IOException {
    try (MappedFile file = MappedFile.toRead(path)) {
      return ShardIndex.parse(file.bytes());
    } catch (StateDictException e) {
      throw new StateDictException(path + ": " + e.getMessage(), e);
    }
  }

  private static SafeTensorsFile open(Path index, Path file, Access access) throws IOException {
    try {
      return SafeTensorsFile.open(file, access);
    } catch (NoSuchFileException e) {
      throw new StateDictException(
          "%s: the index names %s, which is not there".formatted(index, file.getFileName()), e);
    }
  }

  private static void checkNames(Path file, List<String> present, List<String> named) {
    Set<String> missing = new HashSet<>(named);
    for (String name : present) {
      if (!missing.remove(name)) {
        throw new StateDictException(
            "%s: it has the tensor '%s', which the index does not look for there"
                .formatted(file, ZipDirectory.shown(name)));
      }
    }
    if (!missing.isEmpty()) {
      String name = missing.iterator().next();
      throw new StateDictException(
          "%s: the index looks for the tensor '%s' there, among %s it does not have"
              .formatted(file, ZipDirectory.shown(name), missing.size()));
    }
  }

  private static StateDict read(ShardIndex index, List<SafeTensorsFile> shards, Access access) {
    StateDict.Builder all = StateDict.builder();
    shards.forEach(shard -> all.putAll(shard.read(access)));
    StateDict read = all.build();
    StateDict.Builder ordered = read.toBuilder();
    index.files().keySet().forEach(name -> ordered.remove(name).put(name, read.get(name)));
    return ordered.build();
  }

  /// Writes files of at most so many bytes of tensors each, and their index. A tensor that is
  /// larger gets a file of its own. Every file has the metadata. Nothing is replaced before all are
  /// written, and the index last; files that an earlier index named stay.
  ///
  /// @param index the index file; its name ends with `.safetensors.index.json`
  /// @param maxShardBytes at least 1
  /// @throws IOException if a file cannot be written
  /// @throws NoDataException if a tensor is on the meta device or uninitialized
  /// @throws StateDictException if a part of a kind would have the name of another entry
  public static void write(Path index, StateDict state, long maxShardBytes) throws IOException {
    String name = String.valueOf(index.getFileName());
    if (!name.endsWith(INDEX_SUFFIX) || maxShardBytes < 1) {
      throw new IllegalArgumentException(
          "save: shards of %s bytes with the index '%s'; at least 1 and a name with %s are needed"
              .formatted(maxShardBytes, name, INDEX_SUFFIX));
    }
    StateDict flat = SafeTensors.writable(state);
    List<StateDict> shards = shards(flat, maxShardBytes);
    SequencedMap<String, String> files = new LinkedHashMap<>();
    List<PendingFile> pending = new ArrayList<>();
    try {
      for (int i = 0; i < shards.size(); i++) {
        String file =
            "%s-%05d-of-%05d.safetensors"
                .formatted(
                    name.substring(0, name.length() - INDEX_SUFFIX.length()), i + 1, shards.size());
        StateDict shard = shards.get(i);
        shard.tensors().keySet().forEach(tensor -> files.put(tensor, file));
        pending.add(new PendingFile(index.resolveSibling(file)));
        pending.getLast().fill(channel -> SafeTensors.write(channel, shard));
      }
      byte[] text = new ShardIndex(files).write(bytes(flat));
      pending.add(new PendingFile(index));
      pending.getLast().fill(channel -> Pieces.write(channel, MemorySegment.ofArray(text)));
      for (PendingFile file : pending) {
        file.replace();
      }
    } finally {
      for (PendingFile file : pending) {
        file.close();
      }
    }
  }

  private static long bytes(StateDict state) {
    return state.tensors().values().stream().mapToLong(tensor -> tensor.spec().bytes()).sum();
  }

  /// The tensors in order, a new shard wherever the next would not fit.
  private static List<StateDict> shards(StateDict state, long maxShardBytes) {
    List<StateDict> shards = new ArrayList<>();
    StateDict.Builder shard = described(state);
    long left = maxShardBytes;
    boolean isEmpty = true;
    for (Map.Entry<String, Tensor> entry : state.tensors().entrySet()) {
      long bytes = entry.getValue().spec().bytes();
      if (bytes > left && !isEmpty) {
        shards.add(shard.build());
        shard = described(state);
        left = maxShardBytes;
      }
      shard.put(entry.getKey(), entry.getValue());
      isEmpty = false;
      left -= bytes;
    }
    shards.add(shard.build());
    return shards;
  }

  /// Everything but the tensors.
  private static StateDict.Builder described(StateDict state) {
    StateDict.Builder builder = StateDict.builder();
    state.metadata().forEach(builder::metadata);
    state.versions().forEach(builder::version);
    return builder;
  }
}
