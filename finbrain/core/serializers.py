"""JSON for what is kept in Redis. Never pickle: who can write to Redis must not be able to run code."""

from bson import ObjectId
from django.core.serializers.json import DjangoJSONEncoder
from django_redis.serializers.json import JSONSerializer


class ObjectIdEncoder(DjangoJSONEncoder):
    def default(self, o: object) -> object:
        return str(o) if isinstance(o, ObjectId) else super().default(o)


class ObjectIdJSONSerializer(JSONSerializer):
    encoder_class = ObjectIdEncoder
