"""Tiny hub models with random weights, saved like real checkpoints, for tests without a hub."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

WORDS = "a photo of this is object mug red ball blue saucer".split()
WIDTH, HEIGHT = 96, 64  # not square, so that swapped axes show


def picture(width=WIDTH, height=HEIGHT):
    """A gradient with noise and a bright block, (height, width, 3) BGR."""
    rng = np.random.default_rng(7)
    image = rng.integers(0, 60, (height, width, 3), dtype=np.uint8)
    image[..., 2] += np.linspace(0, 120, width).astype(np.uint8)
    image[height // 4 : height // 2, width // 2 : 3 * width // 4] = (30, 200, 250)
    return image


def save_settings(folder: Path, **settings):
    (folder / "preprocessor_config.json").write_text(json.dumps(settings))


def save_tokenizer(folder: Path, first="<s>", last="</s>", ids=None, length=16):
    """A tokenizer of whole words, with the special tokens and ids that a network expects."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    ids = dict(ids or {"<pad>": 0, first: 1, last: 2, "[UNK]": 3, ".": 4})
    for word in WORDS:
        ids[word] = max(ids.values()) + 1
    tokenizer = Tokenizer(models.WordLevel(ids, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{first} $A {last}", special_tokens=[(first, ids[first]), (last, ids[last])]
    )
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        unk_token="[UNK]",
        pad_token=next(name for name, value in ids.items() if value == 0),
        bos_token=first,
        eos_token=last,
        model_max_length=length,
    ).save_pretrained(folder)
    return max(ids.values()) + 1


def save(network, folder: Path):
    network.eval().save_pretrained(folder)
    return folder


def scale(network, factor, *parts):
    """Multiply the weights of some parts: untrained heads are otherwise flat or saturated."""
    import torch

    with torch.no_grad():
        for name, weight in network.named_parameters():
            if any(part in name for part in parts):
                weight *= factor
    return network


def grounding_dino(folder: Path):
    import torch
    from transformers import GroundingDinoConfig, GroundingDinoForObjectDetection, SwinConfig

    torch.manual_seed(0)
    # The network knows the ids of BERT's special tokens by heart.
    ids = {"[PAD]": 0, "[UNK]": 100, "[CLS]": 101, "[SEP]": 102, ".": 1012, "?": 1029}
    size = save_tokenizer(folder, "[CLS]", "[SEP]", ids, length=256)
    text = {"vocab_size": size, "hidden_size": 32, "num_hidden_layers": 1}
    text |= {"model_type": "bert", "num_attention_heads": 2, "intermediate_size": 32}
    config = GroundingDinoConfig(
        backbone_config=SwinConfig(
            image_size=256,
            embed_dim=8,
            depths=[1, 1, 1, 1],
            num_heads=[1, 1, 2, 2],
            window_size=4,
            out_features=["stage2", "stage3", "stage4"],
        ),
        text_config=text,
        d_model=32,
        encoder_layers=1,
        decoder_layers=2,
        encoder_ffn_dim=32,
        decoder_ffn_dim=32,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        num_queries=20,
    )
    save(GroundingDinoForObjectDetection(config), folder)
    save_settings(folder, size={"shortest_edge": 128, "longest_edge": 256})
    return folder


def _clip_text(size, length=16, **more):
    text = {"vocab_size": size, "hidden_size": 32, "intermediate_size": 32}
    text |= {"num_hidden_layers": 1, "num_attention_heads": 2, "max_position_embeddings": length}
    return text | {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2} | more


def _vision(edge=64, patch=16):
    vision = {"hidden_size": 32, "intermediate_size": 32, "num_hidden_layers": 1}
    return vision | {"num_attention_heads": 2, "image_size": edge, "patch_size": patch}


def owlv2(folder: Path):
    import torch
    from transformers import Owlv2Config, Owlv2ForObjectDetection

    torch.manual_seed(1)
    size = save_tokenizer(folder)
    config = Owlv2Config(
        text_config=_clip_text(size), vision_config=_vision(96, 16), projection_dim=32
    )
    network = scale(Owlv2ForObjectDetection(config), 0.05, "box_head", "class_head.logit")
    return save(network, folder)


def _mask_decoder():
    return {"hidden_size": 32, "mlp_dim": 32, "num_attention_heads": 2, "iou_head_hidden_dim": 32}


def _memory():
    return {
        "memory_attention_hidden_size": 32,
        "memory_attention_num_layers": 1,
        "memory_attention_feed_forward_hidden_size": 32,
        "memory_attention_rope_feat_sizes": [8, 8],
        "memory_encoder_hidden_size": 32,
        "memory_encoder_output_channels": 16,
        "mask_downsampler_embed_dim": 32,
        "memory_fuser_embed_dim": 32,
        "memory_fuser_num_layers": 1,
        "memory_fuser_intermediate_dim": 32,
    }


def sam2(folder: Path, video=False):
    import torch
    from transformers import Sam2Config, Sam2Model, Sam2VideoConfig, Sam2VideoModel

    torch.manual_seed(2)
    parts = {
        "vision_config": {
            "model_type": "sam2_vision_model",
            "backbone_config": {
                "model_type": "sam2_hiera_det_model",
                "hidden_size": 8,
                "image_size": [128, 128],
                "blocks_per_stage": [1, 1, 2, 1],
                "embed_dim_per_stage": [8, 16, 32, 64],
                "num_attention_heads_per_stage": [1, 1, 2, 2],
                "window_size_per_stage": [4, 4, 4, 4],
                "global_attention_blocks": [3],
            },
            "backbone_channel_list": [64, 32, 16, 8],
            "backbone_feature_sizes": [[32, 32], [16, 16], [8, 8]],
            "fpn_hidden_size": 32,
        },
        "prompt_encoder_config": {"hidden_size": 32, "image_size": 128},
        "mask_decoder_config": _mask_decoder(),
    }
    if video:
        # The published checkpoint holds the video model, which has all of the picture model.
        config = Sam2VideoConfig(**parts, **_memory(), image_size=128)
        return save(Sam2VideoModel(config), folder)
    return save(Sam2Model(Sam2Config(**parts)), folder)


def sam3(folder: Path, video=False):
    import torch
    from transformers import Sam3Config, Sam3Model, Sam3VideoConfig, Sam3VideoModel

    torch.manual_seed(3)
    size = save_tokenizer(folder, length=32)
    layers = {"hidden_size": 32, "num_attention_heads": 4, "intermediate_size": 32}
    config = Sam3Config(
        vision_config={
            "backbone_config": {
                "model_type": "sam3_vit_model",
                "num_hidden_layers": 2,
                "image_size": 112,
                "patch_size": 14,
                "window_size": 4,
                "global_attn_indexes": [1],
                "pretrain_image_size": 56,
                **layers,
            },
            "fpn_hidden_size": 32,
            "backbone_feature_sizes": [[32, 32], [16, 16], [8, 8]],
        },
        text_config=_clip_text(size, 32, model_type="clip_text_model", projection_dim=16),
        geometry_encoder_config={"num_layers": 1, **layers},
        detr_encoder_config={"num_layers": 1, **layers},
        detr_decoder_config={"num_layers": 2, "num_queries": 6, **layers},
        mask_decoder_config={"hidden_size": 32, "num_attention_heads": 4},
    )
    network = Sam3Model(config)
    if not video:
        return save(network, folder)
    # The published checkpoint holds the video model, whose detector is the picture model.
    tracker = _memory() | {
        "model_type": "sam3_tracker_video",
        "vision_config": config.to_dict()["vision_config"],
        "prompt_encoder_config": {"hidden_size": 32, "image_size": 112, "patch_size": 14},
        "mask_decoder_config": _mask_decoder(),
        "image_size": 112,
    }
    config = Sam3VideoConfig(detector_config=config.to_dict(), tracker_config=tracker)
    return save(Sam3VideoModel(config), folder)


def depth_anything(folder: Path, metric=False):
    import torch
    from transformers import DepthAnythingConfig, DepthAnythingForDepthEstimation, Dinov2Config

    torch.manual_seed(4)
    backbone = Dinov2Config(
        hidden_size=16,
        num_hidden_layers=4,
        num_attention_heads=2,
        mlp_ratio=2,
        image_size=70,
        patch_size=14,
        out_indices=[1, 2, 3, 4],
        reshape_hidden_states=False,
        apply_layernorm=True,
    )
    config = DepthAnythingConfig(
        backbone_config=backbone,
        reassemble_hidden_size=16,
        neck_hidden_sizes=[8, 8, 16, 16],
        fusion_hidden_size=8,
        head_hidden_size=8,
        depth_estimation_type="metric" if metric else "relative",
        max_depth=20 if metric else 1,
    )
    save(scale(DepthAnythingForDepthEstimation(config), 8.0, "weight"), folder)
    save_settings(folder, size={"height": 70, "width": 70}, resample=3)
    return folder


def labeler(folder: Path, kind="siglip"):
    import torch
    import transformers

    torch.manual_seed(5)
    size, length = save_tokenizer(folder), 16
    if kind == "siglip2":
        # Its tokenizer class is given by the network; here each letter is a token.
        letters = ["<pad>", "<eos>", "<bos>", "<unk>", "▁", "."] + sorted(set("".join(WORDS)))
        vocabulary = {letter: index for index, letter in enumerate(letters)}
        transformers.Siglip2Tokenizer(vocabulary).save_pretrained(folder)
        size, length = len(vocabulary), 48
    name = {"siglip": "Siglip", "siglip2": "Siglip2", "clip": "CLIP"}[kind]
    text, vision = _clip_text(size, length), _vision()
    if kind == "siglip2":
        vision = {key: value for key, value in vision.items() if key != "image_size"}
        vision["num_patches"] = 16
    if kind != "clip":
        text["projection_size"] = 32
    config = getattr(transformers, f"{name}Config")(text_config=text, vision_config=vision)
    network = getattr(transformers, f"{name}Model")(config)
    # Else all texts look alike: one small attention layer hardly mixes their words.
    scale(network, 30.0, "v_proj", "out_proj")
    return save(network, folder)
