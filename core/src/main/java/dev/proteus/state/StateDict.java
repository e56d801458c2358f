package dev.proteus.state;

import dev.proteus.error.NoDataException;
import dev.proteus.error.StateDictException;
import dev.proteus.tensor.Kind;
import dev.proteus.tensor.Scope;
import dev.proteus.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;

/// Tensors by name, in order, with texts that describe them and the version of each module they are
/// of (rules SD-11 to SD-14).
///
/// The map never changes; methods that edit return another one. Its tensors are shared: those of a
/// module's state dict alias the module's storage, and see what training does to it, until
/// [#copy()].
///
/// ```java
/// model.stateDict().save(Path.of("model.safetensors"));
/// model.load(StateDict.load(Path.of("model.safetensors")));
/// ```
public final class StateDict {
  private static final String INDEX = ".index.json";

  private final SequencedMap<String, Tensor> tensors;
  private final SequencedMap<String, String> metadata;
  private final SequencedMap<String, Integer> versions;

  private StateDict(Builder builder) {
    tensors = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(builder.tensors));
    metadata = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(builder.metadata));
    versions = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(builder.versions));
  }

  /// Collects the entries of a state dict.
  public static final class Builder {
    private final LinkedHashMap<String, Tensor> tensors = new LinkedHashMap<>();
    private final LinkedHashMap<String, String> metadata = new LinkedHashMap<>();
    private final LinkedHashMap<String, Integer> versions = new LinkedHashMap<>();

    private Builder() {}

    /// Adds a tensor, or replaces the one of this name where it stands.
    public Builder put(String name, Tensor tensor) {
      tensors.put(name, tensor);
      return this;
    }

    /// Adds a text, or replaces the one of this key.
    public Builder metadata(String key, String text) {
      metadata.put(key, text);
      return this;
    }

    /// Names the version of the module at `path`; the root's path is empty.
    public Builder version(String path, int version) {
      versions.put(path, version);
      return this;
    }

    /// Takes an entry away, if there is one.
    public Builder remove(String name) {
      tensors.remove(name);
      return this;
    }

    /// Adds everything in `other`, which wins where names are equal.
    public Builder putAll(StateDict other) {
      tensors.putAll(other.tensors);
      metadata.putAll(other.metadata);
      versions.putAll(other.versions);
      return this;
    }

    public StateDict build() {
      return new StateDict(this);
    }
  }

  public static Builder builder() {
    return new Builder();
  }

  /// The state dict of these tensors, without descriptions.
  public static StateDict of(Map<String, ? extends Tensor> tensors) {
    Builder builder = builder();
    tensors.forEach(builder::put);
    return builder.build();
  }

  /// A builder that starts with everything in this.
  public Builder toBuilder() {
    return builder().putAll(this);
  }

  // ---- what is in it

  /// The tensors by name; cannot be changed.
  public SequencedMap<String, Tensor> tensors() {
    return tensors;
  }

  /// Texts that describe the whole; cannot be changed.
  public SequencedMap<String, String> metadata() {
    return metadata;
  }

  /// Versions by path of module; cannot be changed.
  public SequencedMap<String, Integer> versions() {
    return versions;
  }

  /// The version of the module at `path`, if whoever made this knew it.
  public OptionalInt version(String path) {
    Integer version = versions.get(path);
    return version == null ? OptionalInt.empty() : OptionalInt.of(version);
  }

  public Optional<Tensor> find(String name) {
    return Optional.ofNullable(tensors.get(name));
  }

  /// The tensor of this name.
  ///
  /// @throws StateDictException if there is none
  public Tensor get(String name) {
    return find(name)
        .orElseThrow(() ->
            new StateDictException(
                "state dict: no entry '%s' among %s%s"
                    .formatted(name, tensors.size(), Nearest.hint(name, tensors.keySet()))));
  }

  public boolean contains(String name) {
    return tensors.containsKey(name);
  }

  public int size() {
    return tensors.size();
  }

  // ---- others made of it

  /// This with an entry added or replaced.
  public StateDict with(String name, Tensor tensor) {
    return toBuilder().put(name, tensor).build();
  }

  /// This without an entry.
  public StateDict without(String name) {
    return toBuilder().remove(name).build();
  }

  /// This with every tensor under another name, in the same order.
  ///
  /// @throws StateDictException if two get the same name
  public StateDict renamed(UnaryOperator<String> name) {
    Builder builder = builder();
    builder.metadata.putAll(metadata);
    builder.versions.putAll(versions);
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      String renamed = name.apply(entry.getKey());
      if (builder.tensors.put(renamed, entry.getValue()) != null) {
        throw new StateDictException(
            "state dict: two entries are renamed to '%s', one of them '%s'"
                .formatted(renamed, entry.getKey()));
      }
    }
    return builder.build();
  }

  /// This with `prefix` before every name, key and path, so that several fit into one file.
  public StateDict prefixed(String prefix) {
    Builder builder = builder();
    tensors.forEach((name, tensor) -> builder.put(prefix + name, tensor));
    metadata.forEach((key, text) -> builder.metadata(prefix + key, text));
    versions.forEach((path, version) -> builder.version(prefixedPath(prefix, path), version));
    return builder.build();
  }

  /// The path of a module: unlike a name it ends without a dot, so `module.` before the root is
  /// `module`.
  private static String prefixedPath(String prefix, String path) {
    boolean isRoot = path.isEmpty() && prefix.endsWith(".");
    return isRoot ? prefix.substring(0, prefix.length() - 1) : prefix + path;
  }

  /// This with `prefix` taken away wherever it stands before a name, key or path; others stay as
  /// they are (rule SD-28).
  ///
  /// @throws StateDictException if two get the same name
  public StateDict withoutPrefix(String prefix) {
    StateDict stripped = renamed(name -> stripped(prefix, name));
    Builder builder = stripped.toBuilder();
    builder.metadata.clear();
    builder.versions.clear();
    metadata.forEach((key, text) -> builder.metadata(stripped(prefix, key), text));
    versions.forEach((path, version) ->
        builder.version(
            path.equals(prefixedPath(prefix, "")) ? "" : stripped(prefix, path), version));
    return builder.build();
  }

  private static String stripped(String prefix, String name) {
    return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
  }

  /// What lies under `prefix`, with the prefix taken away: the inverse of [#prefixed(String)]; also
  /// how the entries of one module are found.
  public StateDict under(String prefix) {
    Builder builder = builder();
    forEachUnder(prefix, tensors, builder.tensors);
    forEachUnder(prefix, metadata, builder.metadata);
    forEachUnder(prefix, versions, builder.versions);
    version(prefixedPath(prefix, "")).ifPresent(version -> builder.version("", version));
    return builder.build();
  }

  private static <V> void forEachUnder(String prefix, Map<String, V> from, Map<String, V> to) {
    from.forEach((name, value) -> {
      if (name.startsWith(prefix)) {
        to.put(name.substring(prefix.length()), value);
      }
    });
  }

  /// This and everything in `other`, which wins where names are equal.
  public StateDict and(StateDict other) {
    return toBuilder().putAll(other).build();
  }

  /// A snapshot: the same names over tensors with storages of their own.
  public StateDict copy() {
    Builder builder = toBuilder();
    tensors.forEach((name, tensor) -> builder.put(name, Scope.noGrad(tensor::clone)));
    return builder.build();
  }

  // ---- files

  /// This in the form that files have, without kinds: each tensor of a kind is replaced by those it
  /// consists of, and metadata says what it was. `fc.weight` becomes `fc.weight.values` and
  /// `fc.weight.scale`, and the metadata `proteus.kind.fc.weight` names its kind.
  ///
  /// @throws StateDictException if a name is taken
  public StateDict flattened() {
    return FlatKinds.flattened(this);
  }

  /// The inverse of [#flattened()].
  ///
  /// @param kinds the kinds that may be met
  /// @throws StateDictException if another one is met, or parts are missing or do not fit together
  public StateDict unflattened(List<Kind<?>> kinds) {
    return FlatKinds.unflattened(this, kinds);
  }

  /// Writes a file: an npz if its name ends with `.npz`, else a safetensors file; see
  /// [Npz#write(Path, StateDict)] and [SafeTensors#write(Path, StateDict)].
  ///
  /// @throws UncheckedIOException if the file cannot be written
  /// @throws StateDictException if there are tensors of a kind that it has no place for
  public void save(Path file) {
    try {
      if (endsWith(file, ".npz")) {
        Npz.write(file, this);
      } else {
        SafeTensors.write(file, this);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Writes safetensors files of limited size and their index; see [ShardedSafeTensors#write(Path,
  /// StateDict, long)].
  ///
  /// @throws UncheckedIOException if a file cannot be written
  public void save(Path index, long maxShardBytes) {
    try {
      ShardedSafeTensors.write(index, this, maxShardBytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads a file: all shards if its name ends with `.index.json`, an npz if it ends with `.npz`,
  /// else a safetensors file, unflattened; see [ShardedSafeTensors#read(Path)], [Npz#read(Path)]
  /// and [SafeTensors#read(Path)].
  ///
  /// @param kinds the kinds that may be in the file
  /// @throws UncheckedIOException if the file cannot be read
  /// @throws StateDictException if it is not a well-formed one, or has tensors of another kind
  public static StateDict load(Path file, Kind<?>... kinds) {
    try {
      return read(file).unflattened(List.of(kinds));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static StateDict read(Path file) throws IOException {
    if (endsWith(file, INDEX)) {
      return ShardedSafeTensors.read(file);
    }
    return endsWith(file, ".npz") ? Npz.read(file) : SafeTensors.read(file);
  }

  /// Opens a safetensors file, or all shards if its name ends with `.index.json`, whose tensors
  /// stay in it; see [SafeTensors#map(Path)]. Loading a module from it by assignment copies
  /// nothing:
  ///
  /// ```java
  /// model.load(StateDict.map(file), LoadOptions.DEFAULT.assign());
  /// ```
  ///
  /// @param kinds the kinds that may be in the file
  /// @throws UncheckedIOException if the file cannot be read
  /// @throws StateDictException if it is not a well-formed one, or has tensors of another kind
  public static StateDict map(Path file, Kind<?>... kinds) {
    try {
      StateDict flat = endsWith(file, INDEX) ? ShardedSafeTensors.map(file) : SafeTensors.map(file);
      return flat.unflattened(List.of(kinds));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// @throws NoDataException if `tensor` is on the meta device or uninitialized
  static void checkHasData(String name, Tensor tensor) {
    if (tensor.isUninitialized() || tensor.device().isMeta()) {
      throw new NoDataException(
          "save: '%s' is %s and has no data"
              .formatted(name, tensor.isUninitialized() ? "uninitialized" : "on the meta device"));
    }
  }

  private static boolean endsWith(Path file, String suffix) {
    return String.valueOf(file.getFileName()).endsWith(suffix);
  }

  /// Names and specs, one a line.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("StateDict of " + size());
    tensors.forEach(
        (name, tensor) -> text.append("\n  ").append(name).append(": ").append(described(tensor)));
    return text.toString();
  }

  private static String described(Tensor tensor) {
    return tensor.isUninitialized() ? tensor.toString() : tensor.spec().toString();
  }
}
